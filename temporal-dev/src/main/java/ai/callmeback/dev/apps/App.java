package ai.callmeback.dev.apps;

import java.util.ArrayList;
import java.util.List;

/** Our applications: the module each is built from, how much memory it gets, and the settings it may see. */
@SuppressWarnings("ImmutableEnumChecker") // the lists are made by List.of
public enum App {
    API(
            "api",
            8080,
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            List.of(
                    "JWT_SECRET",
                    "CALLER_HASH_KEY",
                    "PERSONA_NUMBERS",
                    "FREE_INBOUND_CALLS_PER_DAY",
                    "TWILIO_ACCOUNT_SID",
                    "TWILIO_AUTH_TOKEN",
                    "TWILIO_PHONE_NUMBER",
                    "TWILIO_API_BASE",
                    "STRIPE_SECRET_KEY",
                    "STRIPE_WEBHOOK_SECRET",
                    "MEDIA_URL",
                    "LLM_MODEL",
                    "LLM_FALLBACK_MODEL",
                    "TTS_MODEL",
                    "TTS_VOICE",
                    "FORWARD_HEADERS",
                    "TEMPORAL_UI_URL",
                    "DEMO_PHONE_NUMBER")),
    CALL_WORKER(
            "activities",
            8081,
            List.of("-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            List.of(
                    "TWILIO_ACCOUNT_SID",
                    "TWILIO_AUTH_TOKEN",
                    "TWILIO_PHONE_NUMBER",
                    "TWILIO_API_BASE",
                    "LLM_API_KEY",
                    "LLM_BASE_URL",
                    "LLM_MODEL",
                    "LLM_FALLBACK_MODEL",
                    "LLM_MAX_TOKENS_FIELD",
                    "LLM_REASONING_EFFORT",
                    "DEEPGRAM_API_KEY",
                    "DEEPGRAM_URL",
                    "STT_ENGINE",
                    "ELEVENLABS_API_KEY",
                    "ELEVENLABS_URL",
                    "TTS_MODEL",
                    "RESEND_API_KEY",
                    "RESEND_URL",
                    "RESEND_FROM_EMAIL",
                    "STRIPE_SECRET_KEY",
                    "STRIPE_WEBHOOK_SECRET",
                    "STRIPE_API_BASE",
                    "MEDIA_URL")),
    VOICE_WORKER(
            "voice-worker",
            8082,
            // The compilers of the JVM give way to the calls: on a processor that is full, or young, they are what
            // delays audio.
            List.of(
                    "-Xms64m",
                    "-Xmx512m",
                    "-XX:+UseSerialGC",
                    "-XX:ThreadPriorityPolicy=1",
                    "-XX:CompilerThreadPriority=10"),
            List.of(
                    "TWILIO_ACCOUNT_SID",
                    "TWILIO_AUTH_TOKEN",
                    "TWILIO_API_BASE",
                    "DEEPGRAM_API_KEY",
                    "DEEPGRAM_URL",
                    "STT_ENGINE",
                    "LLM_API_KEY",
                    "LLM_BASE_URL",
                    "LLM_MODEL",
                    "LLM_FALLBACK_MODEL",
                    "ELEVENLABS_API_KEY",
                    "ELEVENLABS_URL",
                    "TTS_MODEL",
                    "TTS_VOICE",
                    "LLM_MAX_TOKENS_FIELD",
                    "LLM_REASONING_EFFORT",
                    "VOICE_CAPACITY",
                    "VOICE_EVENT_LOOPS",
                    "VOICE_REHEARSAL",
                    "VOICE_DRAIN",
                    "VOICEMAIL_MESSAGE",
                    "MEDIA_URL")),
    SIMULATORS(
            "simulators",
            8090,
            List.of("-Xmx256m", "-XX:+UseSerialGC"),
            List.of(
                    "TWILIO_ACCOUNT_SID",
                    "TWILIO_AUTH_TOKEN",
                    "TWILIO_PHONE_NUMBER",
                    "PERSONA_NUMBERS",
                    "DEEPGRAM_API_KEY",
                    "LLM_API_KEY",
                    "LLM_MODEL",
                    "LLM_FALLBACK_MODEL",
                    "ELEVENLABS_API_KEY",
                    "RESEND_API_KEY",
                    "STRIPE_SECRET_KEY",
                    "STRIPE_WEBHOOK_SECRET",
                    "SIMULATORS_DATA",
                    "PUBLIC_URL"));

    /** What each of our own processes needs, and no simulator gets. */
    private static final List<String> OURS = List.of(
            "CALLMEBACK_ENV",
            "CALLMEBACK_SIMULATED_VENDORS",
            "DATABASE_URL",
            "TEMPORAL_ADDRESS",
            "TEMPORAL_NAMESPACE",
            "TEMPORAL_API_KEY",
            "PAYLOAD_KEYS",
            "PUBLIC_URL",
            "RECORDING_RETENTION_DAYS",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "OTEL_EXPORTER_OTLP_HEADERS");

    private final String module;
    private final int usualPort;
    private final List<String> jvmOptions;
    private final List<String> settings;

    App(String module, int usualPort, List<String> jvmOptions, List<String> settings) {
        this.module = module;
        this.usualPort = usualPort;
        this.jvmOptions = jvmOptions;
        this.settings = settings;
    }

    public String module() {
        return module;
    }

    /** The name in logs, status and {@code callmeback logs}: {@code api}, {@code call-worker}, … */
    public String title() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    public int usualPort() {
        return usualPort;
    }

    List<String> jvmOptions() {
        return jvmOptions;
    }

    /** The names of the settings this application is given, if they have a value. */
    public List<String> settings() {
        if (this == SIMULATORS) {
            return settings;
        }
        List<String> all = new ArrayList<>(OURS);
        all.addAll(settings);
        return all;
    }
}
