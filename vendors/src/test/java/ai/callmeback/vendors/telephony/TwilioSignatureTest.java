package ai.callmeback.vendors.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.settings.Secret;
import com.twilio.security.RequestValidator;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class TwilioSignatureTest {

    private static final TwilioSignature SIGNATURE = new TwilioSignature(Secret.of("12345"));
    private static final URI URL = URI.create("https://example.com/myapp?foo=1&bar=2");

    private static String hmac(String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec("12345".getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void acceptsTheVendorsVectorAndNothingNearIt() {
        Map<String, List<String>> form = Map.of(
                "CallSid", List.of("CA1"),
                "Digits", List.of("1234"),
                "From", List.of("+14158675309"),
                "To", List.of("+18005551212"));
        String signature = "5uOjDRgqUnKJMUppHd93LsG4HEY=";
        assertThat(SIGNATURE.validForm(URL, form, signature)).isTrue();
        assertThat(SIGNATURE.validForm(URL, form, null)).isFalse();
        assertThat(SIGNATURE.validForm(URL, form, "")).isFalse();
        assertThat(SIGNATURE.validForm(URI.create("https://example.com/myapp?foo=1"), form, signature))
                .isFalse();
        assertThat(SIGNATURE.validForm(URL, Map.of(), signature)).isFalse();
        assertThat(new TwilioSignature(Secret.of("12346")).validForm(URL, form, signature))
                .isFalse();
        assertThat(new TwilioSignature(Secret.NONE).validForm(URL, form, signature))
                .isFalse();
    }

    @Property(tries = 200)
    void agreesWithTheVendorsValidatorWhereThatCanTell(
            @ForAll @Size(max = 5)
                    Map<@AlphaChars @StringLength(min = 1, max = 5) String, @StringLength(max = 9) String> form)
            throws Exception {
        StringBuilder text = new StringBuilder(URL.toString());
        form.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> text.append(entry.getKey()).append(entry.getValue()));
        String signature = hmac(text.toString());
        Map<String, List<String>> multi =
                form.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue())));
        assertThat(SIGNATURE.validForm(URL, multi, signature)).isTrue();
        assertThat(new RequestValidator("12345").validate(URL.toString(), form, signature))
                .isTrue();
    }

    @Test
    void sortsTheValuesOfARepeatedKey() throws Exception {
        String signature = hmac(URL + "MediaUrlaMediaUrlb");
        assertThat(SIGNATURE.validForm(URL, Map.of("MediaUrl", List.of("b", "a", "b")), signature))
                .isTrue();
    }

    @Test
    void takesTheUrlWithAndWithoutItsPort() throws Exception {
        assertThat(SIGNATURE.validForm(URI.create("https://h.test/x"), Map.of(), hmac("https://h.test:443/x")))
                .isTrue();
        assertThat(SIGNATURE.validForm(
                        URI.create("http://127.0.0.1:8080/x?a=b"), Map.of(), hmac("http://127.0.0.1:8080/x?a=b")))
                .isTrue();
    }

    @Test
    void checksABodyByItsHashInTheUrl() throws Exception {
        byte[] body = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        URI url = URI.create("https://h.test/x?leg=1&bodySHA256=" + hash);
        assertThat(SIGNATURE.validBody(url, body, hmac(url.toString()))).isTrue();
        assertThat(SIGNATURE.validBody(url, new byte[] {1}, hmac(url.toString())))
                .isFalse();
        assertThat(SIGNATURE.validBody(URI.create("https://h.test/x"), body, hmac("https://h.test/x")))
                .isFalse();
    }
}
