package ai.callmeback.domain.call;

/** Where a call is on its way. Which step may follow which is told by {@link CallLifecycle} alone. */
public enum CallStatus {
    /** Promised for an instant to come. */
    SCHEDULED(false),
    /** Its time has come; not yet admitted. */
    DUE(false),
    /** Every check passed and the credits are held. */
    ADMITTED(false),
    /** An intent to dial is written; the telephony may or may not know of it. */
    DIALING(false),
    RINGING(false),
    /** Answered. */
    IN_PROGRESS(false),
    /** Not reached, or cut off by us; to be rung again. */
    RETRY_WAIT(false),
    /** The talk is over; not yet settled. */
    ENDED(false),
    /** Charged, or not, for good. */
    SETTLED(false),
    /** Settled and its costs recorded. */
    COMPLETED(true),
    /** Withdrawn before it was answered. */
    CANCELED(true),
    /** Not allowed, by us or by the telephony; see the refusal code. */
    REFUSED(true),
    /** Could not be started in time; never dialled. */
    MISSED(true),
    /** Every attempt the policy grants was busy, unanswered or failed. */
    UNANSWERED(true),
    /** Given up for a technical reason of ours. */
    FAILED(true);

    private final boolean terminal;

    CallStatus(boolean terminal) {
        this.terminal = terminal;
    }

    /** True when nothing follows: the sweeper leaves such calls alone. */
    public boolean isTerminal() {
        return terminal;
    }
}
