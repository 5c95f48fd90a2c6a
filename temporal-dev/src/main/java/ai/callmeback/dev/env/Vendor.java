package ai.callmeback.dev.env;

import java.util.List;
import java.util.Map;

/** The vendors, the settings that choose and reach each, and where our simulator stands in for it. */
@SuppressWarnings("ImmutableEnumChecker") // the lists are made by List.of
public enum Vendor {
    TWILIO(
            "Twilio",
            List.of("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER"),
            "TWILIO_API_BASE",
            "https://api.twilio.com",
            "http",
            "/twilio"),
    DEEPGRAM("Deepgram", List.of("DEEPGRAM_API_KEY"), "DEEPGRAM_URL", "wss://api.deepgram.com", "ws", "/deepgram"),
    LLM("the language model", List.of("LLM_API_KEY"), "LLM_BASE_URL", "https://api.cerebras.ai/v1", "http", "/llm/v1"),
    ELEVENLABS(
            "ElevenLabs",
            List.of("ELEVENLABS_API_KEY"),
            "ELEVENLABS_URL",
            "wss://api.elevenlabs.io",
            "ws",
            "/elevenlabs"),
    RESEND(
            "Resend",
            List.of("RESEND_API_KEY", "RESEND_FROM_EMAIL"),
            "RESEND_URL",
            "https://api.resend.com",
            "http",
            "/resend"),
    STRIPE(
            "Stripe",
            List.of("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"),
            "STRIPE_API_BASE",
            "https://api.stripe.com",
            "http",
            "/stripe");

    /** A number for each persona to be rung at, where Twilio is simulated. */
    public static final String SIMULATED_PERSONA_NUMBERS =
            "brad_001:+15005550006,sarah_001:+15005550007,alex_001:+15005550008";

    /** Who the simulated platform is to others. Twilio's own magic range is never dialled by anyone, nor .example reached. */
    private static final Map<String, String> SIMULATED_ADDRESSES = Map.of(
            "TWILIO_PHONE_NUMBER", "+15005550006", "RESEND_FROM_EMAIL", "Call Me Back <calls@callmeback.example>");

    private final String title;
    private final List<String> credentials;
    private final String base;
    private final String realBase;
    private final String simulatorScheme;
    private final String simulatorPath;

    Vendor(
            String title,
            List<String> credentials,
            String base,
            String realBase,
            String simulatorScheme,
            String simulatorPath) {
        this.title = title;
        this.credentials = credentials;
        this.base = base;
        this.realBase = realBase;
        this.simulatorScheme = simulatorScheme;
        this.simulatorPath = simulatorPath;
    }

    public String title() {
        return title;
    }

    /** The settings that hold who we are to the vendor. */
    public List<String> credentials() {
        return credentials;
    }

    /** The name of the setting that says where the vendor is. */
    public String baseSetting() {
        return base;
    }

    public String realBase() {
        return realBase;
    }

    /** Simulated unless a credential or a base is set: then it is used as set. */
    public boolean simulated(Map<String, String> settings) {
        return blank(settings, base) && credentials.stream().allMatch(name -> blank(settings, name));
    }

    /** The base in use. */
    public String baseIn(Map<String, String> settings) {
        return blank(settings, base) ? realBase : settings.get(base).strip();
    }

    /** What the product and the simulator are both told when the vendor is simulated. */
    public Map<String, String> simulatedSettings(Map<String, String> secrets, int simulatorPort) {
        Map<String, String> settings = new java.util.LinkedHashMap<>();
        for (String name : credentials) {
            String made = SIMULATED_ADDRESSES.get(name);
            settings.put(name, made == null ? secrets.get("SIMULATED_" + name) : made);
        }
        settings.put(base, simulatorScheme + "://127.0.0.1:" + simulatorPort + simulatorPath);
        return settings;
    }

    private static boolean blank(Map<String, String> settings, String name) {
        return settings.getOrDefault(name, "").isBlank();
    }
}
