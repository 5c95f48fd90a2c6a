package ai.callmeback.dev.chaos;

/** What is done to a voice worker. */
public enum FaultKind {
    /** {@code kill -9}: it says nothing to anybody. */
    DEATH,
    /** SIGTERM, as a deploy: it gives its calls to other workers first. */
    DRAIN
}
