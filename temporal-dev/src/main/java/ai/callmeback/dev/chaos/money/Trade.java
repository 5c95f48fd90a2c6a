package ai.callmeback.dev.chaos.money;

/** How something is bought. */
enum Trade {
    /** Once, at a checkout. */
    SINGLE,
    /** A subscription. */
    PLAN,
    /** By itself, with a saved card. */
    TOP_UP
}
