package ai.callmeback.workflows.reconcile;

/** Whose records are held against our books, in this order. */
public enum BilledVendor {
    TWILIO,
    STRIPE,
    DEEPGRAM,
    ELEVENLABS
}
