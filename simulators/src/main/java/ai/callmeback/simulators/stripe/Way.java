package ai.callmeback.simulators.stripe;

/** How somebody pays. */
enum Way {
    CARD,
    DECLINED_CARD,
    /** A good card, until its owner is away: {@link SavedCards}. */
    DECLINED_LATER,
    /** A good card whose bank will want to ask its owner. */
    ASKED_LATER,
    /** The money takes its time: {@link Account#settleBankDebit}. */
    BANK_DEBIT
}
