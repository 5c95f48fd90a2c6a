package ai.callmeback.voice.mouth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.RecentRefusals;
import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.tts.TtsOptions;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VoicesTest {
    private final AtomicLong nanos = new AtomicLong(-5);
    private final Voices voices = new Voices("usual_model", "usualVoice", nanos::get);

    /** As the vendor words them at the upgrade, by HTTP and on closing the socket. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NOT_FOUND | 404 | voice_not_found | A voice with voice_id x was not found. | usualVoice model",
                "UNAUTHORIZED | 401 | voice_not_found | A voice was not found. | usualVoice model",
                "BAD_REQUEST | 1008 | '' | A voice with voice_id x does not exist. | usualVoice model",
                "BAD_REQUEST | 400 | model_not_found | A model with model ID x was not found. | voice usual_model",
                "FORBIDDEN | 403 | model_not_supported | x is not served by this socket. | voice usual_model",
                "BAD_REQUEST | 400 | invalid_request | Model x can not be used with this voice | voice usual_model",
                "BAD_REQUEST | 1008 | '' | voice_settings must not change | voice model",
                "BAD_REQUEST | 422 | '' | field required | voice model",
                "UNAUTHORIZED | 401 | invalid_api_key | no key for this voice | voice model",
                "QUOTA | 401 | quota_exceeded | This model needs more credits | voice model",
                "SERVER_ERROR | 500 | '' | the voice failed | voice model",
                "RATE_LIMITED | 429 | model_busy | Try again | voice model",
            })
    void onlyARefusalOfVoiceOrModelIsTakenForOne(Kind kind, int status, String code, String message, String used) {
        TtsOptions spoken = speaking("voice", "model");
        boolean otherwise = voices.refused(spoken, VendorFault.of("elevenlabs", kind, status, code, message));
        TtsOptions now = voices.effective(spoken);
        assertThat(now.voiceId() + " " + now.modelId()).isEqualTo(used);
        assertThat(otherwise).isEqualTo(!used.equals("voice model"));
        assertThat(voices.modelRefusals() + voices.voiceRefusals()).isEqualTo(otherwise ? 1 : 0);
    }

    @Test
    void thereIsNothingToUseInsteadOfTheProductsOwn() {
        assertThat(voices.refused(speaking("usualVoice", "usual_model"), unknownModel()))
                .isFalse();
        assertThat(voices.modelRefusals()).isZero();
    }

    @Test
    void aRefusalIsForgottenAfterAWhileAndTheOldestOfTooMany() {
        for (int i = 0; i <= RecentRefusals.MOST; i++) {
            assertThat(voices.refused(speaking("voice", "m" + i), unknownModel()))
                    .isTrue();
        }
        assertThat(voices.effective(speaking("voice", "m0")).modelId()).isEqualTo("m0");
        assertThat(voices.effective(speaking("voice", "m1")).modelId()).isEqualTo("usual_model");
        nanos.addAndGet(RecentRefusals.FORGET.toNanos() - 1);
        assertThat(voices.effective(speaking("voice", "m1")).modelId()).isEqualTo("usual_model");
        nanos.incrementAndGet();
        assertThat(voices.effective(speaking("voice", "m1")).modelId()).isEqualTo("m1");
    }

    private static VendorFault unknownModel() {
        return VendorFault.of("elevenlabs", Kind.BAD_REQUEST, 400, "model_not_found", "x was not found");
    }

    private static TtsOptions speaking(String voice, String model) {
        return new TtsOptions(voice, model, 0.5, 0.8, 0, true, 1.0);
    }
}
