package ai.callmeback.vendors.settings;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Checks all settings together and names every problem at once. A malformed value is always fatal; a missing key that
 * the app needs ({@link PlatformSettings#needs(String)}) is fatal in production and otherwise a warning.
 */
public final class SettingsCheck {

    /** Vendors by the names used in {@link PlatformSettings#simulatedVendors()}. */
    public static final Set<String> VENDORS = Set.of("twilio", "deepgram", "llm", "elevenlabs", "resend", "stripe");

    private static final int SECRET_LENGTH = 32;

    private final PlatformSettings platform;
    private final VendorSettings vendors;
    private final List<SettingsProblem> problems = new ArrayList<>();

    private SettingsCheck(PlatformSettings platform, VendorSettings vendors) {
        this.platform = platform;
        this.vendors = vendors;
    }

    public static List<SettingsProblem> problems(PlatformSettings platform, VendorSettings vendors) {
        SettingsCheck check = new SettingsCheck(platform, vendors);
        check.platform();
        check.twilio();
        check.media();
        check.mail();
        check.payments();
        return List.copyOf(check.problems);
    }

    private void platform() {
        if (!Set.of("local", "test", "production").contains(platform.environment())) {
            wrong("CALLMEBACK_ENV", "is '" + platform.environment() + "'", "use local, test or production");
        }
        for (String vendor : platform.simulatedVendors()) {
            if (!VENDORS.contains(vendor) && !vendor.equals("workos")) {
                wrong("CALLMEBACK_SIMULATED_VENDORS", "names '" + vendor + "'", "use names of " + VENDORS);
            }
        }
        if (platform.production() && !platform.simulatedVendors().isEmpty()) {
            wrong(
                    "CALLMEBACK_SIMULATED_VENDORS",
                    "is " + platform.simulatedVendors() + " in production",
                    "set the vendors' real keys");
        }
        url("PUBLIC_URL", platform.publicUrl(), Set.of("http", "https"));
        URI media = platform.mediaUrl();
        if (media != null) {
            url("MEDIA_URL", media, Set.of("ws", "wss"));
            if (!Urls.secure(media) && !Urls.loopback(media)) {
                wrong("MEDIA_URL", "is plain ws on a host that is not loopback", "Twilio only connects to wss");
            }
        }
        longEnough("JWT_SECRET", platform.jwtSecret());
        longEnough("PAYLOAD_KEYS", platform.payloadKeys());
    }

    private void twilio() {
        VendorSettings.Twilio twilio = vendors.twilio();
        url("TWILIO_API_BASE", twilio.apiBase(), Set.of("http", "https"));
        needed("TWILIO_ACCOUNT_SID", !twilio.accountSid().isBlank());
        needed("TWILIO_AUTH_TOKEN", twilio.authToken().isSet());
        needed("TWILIO_PHONE_NUMBER", !twilio.phoneNumber().isBlank());
        if (!twilio.accountSid().isBlank() && !twilio.accountSid().matches("AC[0-9a-fA-F]{32}")) {
            wrong("TWILIO_ACCOUNT_SID", "is not AC and 32 hex digits", "copy it from the Twilio console");
        }
        if (!twilio.phoneNumber().isBlank() && !twilio.phoneNumber().matches("\\+[1-9][0-9]{6,14}")) {
            wrong("TWILIO_PHONE_NUMBER", "is not an E.164 number", "write + and digits only, like +15005550006");
        }
    }

    private void media() {
        url("DEEPGRAM_URL", vendors.deepgram().url(), Set.of("ws", "wss"));
        needed("DEEPGRAM_API_KEY", vendors.deepgram().apiKey().isSet());
        url("LLM_BASE_URL", vendors.llm().baseUrl(), Set.of("http", "https"));
        needed("LLM_API_KEY", vendors.llm().apiKey().isSet());
        if (!Set.of("max_tokens", "max_completion_tokens")
                .contains(vendors.llm().maxTokensField())) {
            wrong(
                    "LLM_MAX_TOKENS_FIELD",
                    "is '" + vendors.llm().maxTokensField() + "'",
                    "use max_completion_tokens or max_tokens");
        }
        url("ELEVENLABS_URL", vendors.elevenlabs().url(), Set.of("ws", "wss"));
        needed("ELEVENLABS_API_KEY", vendors.elevenlabs().apiKey().isSet());
        if (!vendors.elevenlabs().voice().matches("[A-Za-z0-9_-]{1,64}")) {
            wrong("TTS_VOICE", "is '" + vendors.elevenlabs().voice() + "'", "copy a voice's id from the vendor");
        }
    }

    private void mail() {
        url("RESEND_URL", vendors.resend().url(), Set.of("http", "https"));
        needed("RESEND_API_KEY", vendors.resend().apiKey().isSet());
        needed("RESEND_FROM_EMAIL", !vendors.resend().fromEmail().isBlank());
    }

    private void payments() {
        VendorSettings.Stripe stripe = vendors.stripe();
        url("STRIPE_API_BASE", stripe.apiBase(), Set.of("http", "https"));
        needed("STRIPE_SECRET_KEY", stripe.secretKey().isSet());
        needed("STRIPE_WEBHOOK_SECRET", stripe.webhookSecret().isSet());
        if (stripe.mixesEnvironments()) {
            wrong(
                    "STRIPE_PUBLISHABLE_KEY",
                    "is of another environment than STRIPE_SECRET_KEY",
                    "use both live or both test keys");
        }
    }

    private void url(String variable, URI uri, Set<String> schemes) {
        if (!schemes.contains(Urls.scheme(uri)) || uri.getHost() == null) {
            wrong(
                    variable,
                    "is '" + uri + "'",
                    "write an absolute URL with one of "
                            + schemes.stream().sorted().toList());
        } else if (uri.getQuery() != null || uri.getFragment() != null || uri.getUserInfo() != null) {
            wrong(variable, "has a query, a fragment or a user", "write scheme, host, port and path only");
        } else if (platform.production() && !Urls.secure(uri)) {
            wrong(variable, "is not encrypted", "use https or wss in production");
        }
    }

    private void needed(String variable, boolean set) {
        if (!set && platform.needs(variable)) {
            problems.add(new SettingsProblem(
                    variable,
                    "is not set",
                    platform.production()
                            ? "set it"
                            : "set it, or start with ./callmeback up, which simulates the vendor",
                    platform.production()));
        }
    }

    private void longEnough(String variable, Secret secret) {
        boolean asked = secret.isSet() || platform.needs(variable);
        if (asked && platform.production() && secret.reveal().length() < SECRET_LENGTH) {
            wrong(
                    variable,
                    secret.isSet() ? "is shorter than " + SECRET_LENGTH + " characters" : "is not set",
                    "set a random value of at least " + SECRET_LENGTH + " characters");
        }
    }

    private void wrong(String variable, String problem, String remedy) {
        problems.add(new SettingsProblem(variable, problem, remedy, true));
    }
}
