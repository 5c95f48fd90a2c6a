package ai.callmeback.api.webhook;

import ai.callmeback.api.testing.ApiTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** Webhooks signed as Twilio's documents say, computed here anew. */
final class SignedRequests {
    private SignedRequests() {}

    static ResponseSpec post(WebTestClient web, String path, Map<String, String> form) {
        return send(web, path, form, signature(ApiTest.PUBLIC_URL + path, form));
    }

    static ResponseSpec send(WebTestClient web, String path, Map<String, String> form, String signature) {
        String body = form.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        var request = web.post().uri(path).header("Content-Type", "application/x-www-form-urlencoded");
        if (signature != null) {
            request = request.header("X-Twilio-Signature", signature);
        }
        return request.bodyValue(body).exchange();
    }

    /** The TwiML of an answer. */
    static String body(ResponseSpec response) {
        return response.expectStatus()
                .isOk()
                .expectHeader()
                .valueMatches("Content-Type", "text/xml;charset=UTF-8")
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
    }

    static String signature(String url, Map<String, String> form) {
        StringBuilder text = new StringBuilder(url);
        new TreeMap<>(form).forEach((key, value) -> text.append(key).append(value));
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(ApiTest.AUTH_TOKEN.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
