package ai.callmeback.vendors.settings;

import ai.callmeback.vendors.stt.SttOptions;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Keys and addresses of the vendors. A base may have a path and is used as it is. */
@ConfigurationProperties("callmeback.vendors")
public record VendorSettings(
        @DefaultValue Twilio twilio,
        @DefaultValue Deepgram deepgram,
        @DefaultValue Llm llm,
        @DefaultValue ElevenLabs elevenlabs,
        @DefaultValue Resend resend,
        @DefaultValue Stripe stripe) {

    /** @param apiBase stands for {@code https://api.twilio.com} */
    public record Twilio(
            @DefaultValue("") String accountSid,
            @Nullable Secret authToken,
            @DefaultValue("") String phoneNumber,
            @DefaultValue("https://api.twilio.com") URI apiBase) {
        public Twilio {
            authToken = orNone(authToken);
            apiBase = orDefault(apiBase, "https://api.twilio.com");
        }
    }

    /** @param url stands for {@code wss://api.deepgram.com} */
    public record Deepgram(
            @Nullable Secret apiKey,
            @DefaultValue("wss://api.deepgram.com") URI url,
            @DefaultValue("flux") SttOptions.Engine engine) {
        public Deepgram {
            apiKey = orNone(apiKey);
            url = orDefault(url, "wss://api.deepgram.com");
        }
    }

    /**
     * @param baseUrl stands for {@code https://api.cerebras.ai/v1}
     * @param fallbackModel asked when {@code model} fails; empty for none
     * @param maxTokensField name of the field that bounds an answer: {@code max_completion_tokens} or, for older hosts,
     *     {@code max_tokens}
     * @param reasoningEffort {@code low}, {@code medium} or {@code high} for reasoning models; empty: {@code low} for
     *     {@code gpt-oss} models, else not sent
     */
    public record Llm(
            @Nullable Secret apiKey,
            @Nullable Secret cerebrasApiKey,
            @DefaultValue("https://api.cerebras.ai/v1") URI baseUrl,
            @DefaultValue("gpt-oss-120b") String model,
            @DefaultValue("") String fallbackModel,
            @DefaultValue("max_completion_tokens") String maxTokensField,
            @DefaultValue("") String reasoningEffort) {
        public Llm {
            cerebrasApiKey = orNone(cerebrasApiKey);
            apiKey = orNone(apiKey).isSet() ? apiKey : cerebrasApiKey;
            baseUrl = orDefault(baseUrl, "https://api.cerebras.ai/v1");
            model = model.isBlank() ? "gpt-oss-120b" : model;
            maxTokensField = maxTokensField.isBlank() ? "max_completion_tokens" : maxTokensField;
        }

        /** The chain to try, first to last. */
        public List<String> models() {
            return fallbackModel.isBlank() || fallbackModel.equals(model)
                    ? List.of(model)
                    : List.of(model, fallbackModel);
        }
    }

    /**
     * @param url stands for {@code wss://api.elevenlabs.io}; plain requests go to the same host by http(s)
     * @param model what personas without a model of their own speak with
     * @param voice who speaks for a persona whose own voice the vendor refuses
     */
    public record ElevenLabs(
            @Nullable Secret apiKey,
            @DefaultValue("wss://api.elevenlabs.io") URI url,
            @DefaultValue(USUAL_MODEL) String model,
            @DefaultValue(USUAL_VOICE) String voice) {
        private static final String USUAL_MODEL = "eleven_flash_v2_5";
        private static final String USUAL_VOICE = "EXAVITQu4vr4xnSDxMaL";

        public ElevenLabs {
            apiKey = orNone(apiKey);
            url = orDefault(url, "wss://api.elevenlabs.io");
            model = model.isBlank() ? USUAL_MODEL : model;
            voice = voice.isBlank() ? USUAL_VOICE : voice;
        }

        /** With the usual model and voice. */
        public static ElevenLabs at(@Nullable Secret apiKey, URI url) {
            return new ElevenLabs(apiKey, url, USUAL_MODEL, USUAL_VOICE);
        }
    }

    /** @param url stands for {@code https://api.resend.com} */
    public record Resend(
            @Nullable Secret apiKey,
            @DefaultValue("https://api.resend.com") URI url,
            @DefaultValue("") String fromEmail) {
        public Resend {
            apiKey = orNone(apiKey);
            url = orDefault(url, "https://api.resend.com");
        }
    }

    /** @param apiBase stands for {@code https://api.stripe.com} */
    public record Stripe(
            @Nullable Secret secretKey,
            @Nullable Secret webhookSecret,
            @DefaultValue("") String publishableKey,
            @DefaultValue("https://api.stripe.com") URI apiBase) {
        public Stripe {
            secretKey = orNone(secretKey);
            webhookSecret = orNone(webhookSecret);
            apiBase = orDefault(apiBase, "https://api.stripe.com");
        }

        /** Whether the key moves real money; an object of the other environment is never ours. */
        public boolean live() {
            return live(secretKey.reveal());
        }

        /** Whether one key is live and the other is not; keys that are not set contradict nothing. */
        boolean mixesEnvironments() {
            return secretKey.isSet() && !publishableKey.isBlank() && live() != live(publishableKey);
        }

        /** Keys are secret, restricted or publishable: {@code sk_live_…}, {@code rk_live_…}, {@code pk_live_…}. */
        private static boolean live(String key) {
            return key.startsWith("_live_", 2);
        }
    }

    private static Secret orNone(@Nullable Secret secret) {
        return secret == null ? Secret.NONE : secret;
    }

    /** A variable that is set to nothing means the same as one that is not set. */
    private static URI orDefault(@Nullable URI uri, String standard) {
        return uri == null || uri.toString().isBlank() ? URI.create(standard) : uri;
    }
}
