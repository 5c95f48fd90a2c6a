package ai.callmeback.dev.process;

/** How a child is asked to end: PostgreSQL closes quickly on INT and would wait for its clients on TERM. */
public enum StopSignal {
    TERM,
    INT
}
