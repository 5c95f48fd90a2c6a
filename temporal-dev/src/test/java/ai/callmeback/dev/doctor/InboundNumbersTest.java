package ai.callmeback.dev.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.env.Settings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InboundNumbersTest {
    private static final Map<String, String> REAL = Map.of("TWILIO_AUTH_TOKEN", "token");

    @Test
    void simulatedNumbersCanBeRungAtOnce() {
        assertThat(examine(Map.of()).toString()).contains("OK", "3 simulated numbers");
    }

    @Test
    void withRealNumbersItSaysWhatToSetAtTwilio() {
        assertThat(examine(Map.of(
                                "PUBLIC_URL", "https://calls.example.test",
                                "PERSONA_NUMBERS", "brad_001:+15005550006, sarah_001:+15005550007"))
                        .toString())
                .contains(
                        "[brad_001, sarah_001]",
                        "https://calls.example.test/webhooks/twilio/inbound",
                        "/webhooks/twilio/inbound/status");
        assertThat(examine(Map.of("PUBLIC_URL", "https://calls.example.test")).toString())
                .contains("TWILIO_PHONE_NUMBER is the first persona's");
    }

    @Test
    void badEntriesAreNamedWrong() {
        for (String bad :
                new String[] {"brad_001", "brad_001:123", "a_b:+15005550006,c_d:+15005550006", "B:+15005550006"}) {
            assertThat(examine(Map.of("PERSONA_NUMBERS", bad)).toString())
                    .as(bad)
                    .contains("persona:number");
        }
    }

    private static Finding examine(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings.isEmpty() ? Map.of() : REAL);
        all.putAll(settings);
        return InboundNumbers.examine(new Settings(all));
    }
}
