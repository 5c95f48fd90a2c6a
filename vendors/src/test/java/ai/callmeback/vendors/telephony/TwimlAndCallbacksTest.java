package ai.callmeback.vendors.telephony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwimlAndCallbacksTest {

    @Test
    void writesStreamsInARowThenARedirect() {
        String twiml = new StreamTwiml()
                .stream(URI.create("wss://a.test/media"), Map.of("token", "t<&\"'>1")).stream(
                                URI.create("ws://127.0.0.1:8082/media"), Map.of())
                        .write(URI.create("https://cmb.test/voice?leg=1&x=2"));
        assertThat(twiml)
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>"
                        + "<Connect><Stream url=\"wss://a.test/media\">"
                        + "<Parameter name=\"token\" value=\"t&lt;&amp;&quot;&apos;&gt;1\"/></Stream></Connect>"
                        + "<Connect><Stream url=\"ws://127.0.0.1:8082/media\"></Stream></Connect>"
                        + "<Redirect method=\"POST\">https://cmb.test/voice?leg=1&amp;x=2</Redirect></Response>")
                .doesNotContain("action");
        assertThat(StreamTwiml.hangUp()).contains("<Hangup/>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wss://a.test/m?token=1", "ws://a.test/m", "https://a.test/m", "wss:/m"})
    void refusesAUrlThatTwilioWould(String url) {
        assertThatThrownBy(() -> new StreamTwiml().stream(URI.create(url), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAParameterThatIsTooLong() {
        new StreamTwiml().stream(URI.create("wss://a.test/m"), Map.of("token", "x".repeat(494)));
        assertThatThrownBy(() ->
                        new StreamTwiml().stream(URI.create("wss://a.test/m"), Map.of("token", "x".repeat(495))))
                .hasMessageContaining("500");
    }

    private static final String SID = "CA" + "a1".repeat(16);

    @Test
    void readsAStatusCallback() {
        assertThat(TwilioCallbacks.status(Map.of(
                        "CallSid", SID,
                        "CallStatus", "completed",
                        "SequenceNumber", "3",
                        "Timestamp", "Tue, 04 Aug 2026 09:12:01 +0000",
                        "CallDuration", "61",
                        "Duration", "2",
                        "SipResponseCode", "200",
                        "AnsweredBy", "machine_end_beep")))
                .isEqualTo(new TwilioCallback.Status(
                        SID,
                        TwilioCallStatus.COMPLETED,
                        3,
                        Instant.parse("2026-08-04T09:12:01Z"),
                        61,
                        200,
                        AnsweredBy.MACHINE));
    }

    @Test
    void livesWithWhatIsAbsentOrNonsense() {
        assertThat(TwilioCallbacks.status(
                        Map.of("CallSid", SID, "CallStatus", "levitating", "SequenceNumber", "x", "Timestamp", "soon")))
                .isEqualTo(new TwilioCallback.Status(SID, TwilioCallStatus.OTHER, -1, null, null, null, null));
        assertThat(TwilioCallbacks.status(Map.of("CallStatus", "ringing")))
                .isInstanceOf(TwilioCallback.Malformed.class);
        assertThat(TwilioCallbacks.status(Map.of("CallSid", "CA1", "CallStatus", "ringing")))
                .isInstanceOf(TwilioCallback.Malformed.class);
        assertThat(TwilioCallbacks.status(Map.of("CallSid", SID))).isInstanceOf(TwilioCallback.Malformed.class);
    }

    @Test
    void readsMachineDetection() {
        assertThat(TwilioCallbacks.machineDetection(
                        Map.of("CallSid", SID, "AnsweredBy", "human", "MachineDetectionDuration", "1500")))
                .isEqualTo(new TwilioCallback.MachineDetection(SID, AnsweredBy.HUMAN, 1500));
        assertThat(TwilioCallbacks.machineDetection(Map.of("CallSid", SID)))
                .isInstanceOf(TwilioCallback.Malformed.class);
    }
}
