package ai.callmeback.domain.topup;

/** Where the saving of a card stands. It goes from NEW to OPEN, and from either to one of the others. */
public enum CardSetupStatus {
    /** Wished for; the page is not open yet. */
    NEW,
    /** The person can enter a card. */
    OPEN,
    SAVED,
    /** Nobody entered a card in time. */
    EXPIRED,
    /** The payment vendor would not open the page, or what it saved is not ours. */
    FAILED,
    /** Switched off before a card was saved. */
    WITHDRAWN;

    public boolean isOver() {
        return this != NEW && this != OPEN;
    }
}
