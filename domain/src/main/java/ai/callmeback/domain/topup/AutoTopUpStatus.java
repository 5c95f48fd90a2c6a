package ai.callmeback.domain.topup;

/** Where somebody's auto top-up stands. The moves between them are {@link AutoTopUpLifecycle#TABLE}. */
public enum AutoTopUpStatus {
    /** Nothing is bought. */
    OFF,
    /** Consented to; nothing is bought until a card is saved. */
    AWAITING_CARD,
    /** A pack is bought when the credit falls below the threshold. */
    ON,
    /** It stopped by itself: nothing is bought until the person says so again. */
    NEEDS_ATTENTION
}
