package ai.callmeback.db.topup;

/** What a look at somebody's credit came to. */
public enum LookOutcome {
    OFF,
    /** A purchase for an earlier look is not over. */
    UNDER_WAY,
    ENOUGH,
    /** It needs attention now. */
    STOPPED,
    /** A pack more would pass the month's cap. */
    CAP_REACHED,
    /** A purchase was begun. */
    BEGUN
}
