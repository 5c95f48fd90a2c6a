package ai.callmeback.voice.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.vendors.settings.InvalidSettingsException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class VoiceSettingsTest {
    @Test
    void aDrainThatNobodyWouldWaitForIsRefusedAtTheStartWithItsName() {
        for (Duration wrong : List.of(Duration.ofMinutes(16), Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> new VoiceConfiguration()
                            .voiceSettingsCheck(draining(wrong))
                            .afterPropertiesSet())
                    .isInstanceOf(InvalidSettingsException.class)
                    .hasMessageContaining("VOICE_DRAIN is " + wrong)
                    .hasMessageContaining("use 0s to 15m");
        }
        for (Duration right : List.of(Duration.ZERO, Duration.ofSeconds(30), Duration.ofMinutes(15))) {
            assertThat(draining(right).problems()).isEmpty();
        }
    }

    private static VoiceSettings draining(Duration drain) {
        return new VoiceSettings(200, 0, Duration.ZERO, drain, false);
    }
}
