package ai.callmeback.dev.doctor;

import ai.callmeback.dev.env.Settings;
import ai.callmeback.dev.env.Vendor;
import ai.callmeback.vendors.probe.ProbeResult;
import ai.callmeback.vendors.probe.VendorProbe;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.stt.SttOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Each vendor's settings: simulated, or set, reachable and accepted. */
final class VendorCheckup {
    private static final String ENGINE = "STT_ENGINE";

    private final Settings settings;

    VendorCheckup(Settings settings) {
        this.settings = settings;
    }

    List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        for (Vendor vendor : Vendor.values()) {
            findings.add(examine(vendor));
        }
        return findings;
    }

    private Finding examine(Vendor vendor) {
        if (vendor.simulated(settings.values())) {
            return Finding.note(
                    vendor.title(),
                    "simulated: none of its settings is set",
                    "nothing to do; for the real one set " + String.join(", ", vendor.credentials()));
        }
        List<String> missing = vendor.credentials().stream()
                .filter(name -> !settings.has(name))
                .toList();
        if (!missing.isEmpty()) {
            return Finding.wrong(
                    vendor.title(),
                    "set, but without " + String.join(", ", missing),
                    "set it in .env or the environment");
        }
        Optional<SttOptions.Engine> engine = engine();
        if (vendor == Vendor.DEEPGRAM && engine.isEmpty()) {
            return Finding.wrong(
                    vendor.title(),
                    "STT_ENGINE is " + settings.get(ENGINE, "") + ", which is none of " + engines(),
                    "set STT_ENGINE to one of them, or leave it out");
        }
        try {
            return judge(vendor, ask(vendor, engine.orElse(SttOptions.Engine.FLUX)));
        } catch (IllegalArgumentException e) {
            return Finding.wrong(vendor.title(), String.valueOf(e.getMessage()), "correct " + vendor.baseSetting());
        }
    }

    private Optional<SttOptions.Engine> engine() {
        String named = settings.get(ENGINE, SttOptions.Engine.FLUX.name());
        return Stream.of(SttOptions.Engine.values())
                .filter(engine -> engine.name().equalsIgnoreCase(named))
                .findFirst();
    }

    private static String engines() {
        return Stream.of(SttOptions.Engine.values())
                .map(engine -> engine.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private Finding judge(Vendor vendor, ProbeResult result) {
        String words = "set, at " + vendor.baseIn(settings.values()) + ": " + result.detail();
        if (!result.reachable()) {
            return Finding.wrong(vendor.title(), words, "check the network and " + vendor.baseSetting());
        }
        return switch (result.accepted()) {
            case YES -> Finding.ok(vendor.title(), words);
            case NO -> Finding.wrong(vendor.title(), words, "check " + String.join(", ", vendor.credentials()));
            case NOT_TOLD -> Finding.note(vendor.title(), words, "nothing to do");
        };
    }

    private ProbeResult ask(Vendor vendor, SttOptions.Engine engine) {
        VendorProbe probe = new VendorProbe(vendorSettings(engine));
        return switch (vendor) {
            case TWILIO -> probe.twilio();
            case DEEPGRAM -> probe.deepgram();
            case LLM -> probe.llm();
            case ELEVENLABS -> probe.elevenlabs();
            case RESEND -> probe.resend();
            case STRIPE -> probe.stripe();
        };
    }

    private VendorSettings vendorSettings(SttOptions.Engine engine) {
        return new VendorSettings(
                new VendorSettings.Twilio(
                        text("TWILIO_ACCOUNT_SID"),
                        secret("TWILIO_AUTH_TOKEN"),
                        text("TWILIO_PHONE_NUMBER"),
                        base(Vendor.TWILIO)),
                new VendorSettings.Deepgram(secret("DEEPGRAM_API_KEY"), base(Vendor.DEEPGRAM), engine),
                new VendorSettings.Llm(
                        secret("LLM_API_KEY"),
                        Secret.NONE,
                        base(Vendor.LLM),
                        text("LLM_MODEL"),
                        text("LLM_FALLBACK_MODEL"),
                        text("LLM_MAX_TOKENS_FIELD"),
                        text("LLM_REASONING_EFFORT")),
                VendorSettings.ElevenLabs.at(secret("ELEVENLABS_API_KEY"), base(Vendor.ELEVENLABS)),
                new VendorSettings.Resend(secret("RESEND_API_KEY"), base(Vendor.RESEND), text("RESEND_FROM_EMAIL")),
                new VendorSettings.Stripe(
                        secret("STRIPE_SECRET_KEY"),
                        secret("STRIPE_WEBHOOK_SECRET"),
                        text("STRIPE_PUBLISHABLE_KEY"),
                        base(Vendor.STRIPE)));
    }

    private URI base(Vendor vendor) {
        return URI.create(vendor.baseIn(settings.values()));
    }

    private String text(String name) {
        return settings.get(name, "");
    }

    private Secret secret(String name) {
        return Secret.of(text(name));
    }
}
