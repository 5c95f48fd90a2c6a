package ai.callmeback.db.price;

/** What became of a price, or of a price page, that was read. As the database names them, in lower case. */
public enum PriceReading {
    UNCHANGED,
    /** It was inferred before. */
    CONFIRMED,
    NEW,
    CHANGED,
    /** A fifth or more away: the old price stays until finance has decided. */
    HELD,
    /** Finance has refused this very change. */
    REFUSED,
    PAGE_CHANGED
}
