package ai.callmeback.workflows.pricing;

/** Where prices are read, in this order. */
public enum PriceSource {
    TWILIO_API,
    MODEL_LIST,
    VOICE_MODELS,
    DEEPGRAM_PAGE,
    ELEVENLABS_PAGE,
    LLM_PAGE,
    RESEND_PAGE
}
