package ai.callmeback.simulators.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SignatureTest {
    /** A vector computed with the vendor's own validator. */
    @Test
    void signsUrlAndSortedFields() {
        Map<String, String> form =
                Map.of("CallSid", "CA1", "Digits", "1234", "From", "+14158675309", "To", "+18005551212");
        assertThat(Signature.of("12345", "https://example.com/myapp?foo=1&bar=2", form))
                .isEqualTo("5uOjDRgqUnKJMUppHd93LsG4HEY=");
    }
}
