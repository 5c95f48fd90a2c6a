package ai.callmeback.dev.process;

/** Where a child stands. */
public enum ProcessState {
    STARTING,
    READY,
    /** It died and is started again after a pause. */
    RESTARTING,
    /** It was ended on purpose and stays down until started. */
    STOPPED,
    /** It died before it was ever ready, too often. */
    FAILED
}
