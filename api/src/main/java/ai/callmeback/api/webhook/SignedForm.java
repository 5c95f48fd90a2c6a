package ai.callmeback.api.webhook;

import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.vendors.settings.PlatformSettings;
import ai.callmeback.vendors.telephony.TwilioSignature;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Mono;

/**
 * Reads a webhook's form from its raw bytes and lets it through only if Twilio signed it, for the URL as Twilio knows it
 * ({@code PUBLIC_URL} and our path), whatever proxies stand between.
 */
@Component
class SignedForm {
    private static final Logger log = LoggerFactory.getLogger(SignedForm.class);
    private static final int MAX_BYTES = 64 * 1024;
    private static final String HEADER = "X-Twilio-Signature";

    private final TwilioSignature signature;
    private final String publicUrl;

    SignedForm(TwilioSignature signature, PlatformSettings platform) {
        this.signature = signature;
        String url = platform.publicUrl().toString();
        this.publicUrl = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** The form; an error (403) when the signature is missing or wrong, and then nothing has been looked at. */
    Mono<MultiValueMap<String, String>> verified(ServerHttpRequest request) {
        // WebFlux keeps form bodies from @RequestBody; the raw bytes are what was signed.
        return RawBody.of(request, MAX_BYTES).map(bytes -> verified(request, bytes));
    }

    private MultiValueMap<String, String> verified(ServerHttpRequest request, byte[] body) {
        MultiValueMap<String, String> form = parse(new String(body, StandardCharsets.UTF_8));
        String query = request.getURI().getRawQuery();
        URI url = URI.create(publicUrl + request.getURI().getRawPath() + (query == null ? "" : "?" + query));
        if (!signature.validForm(url, form, request.getHeaders().getFirst(HEADER))) {
            log.warn(
                    "webhook refused, signature missing or wrong: {}",
                    request.getURI().getRawPath());
            throw ProblemException.of(
                    ProblemCode.SIGNATURE_INVALID,
                    "This is not signed by the telephony for this URL.",
                    "Check TWILIO_AUTH_TOKEN, and that PUBLIC_URL is the address the telephony was given.");
        }
        return form;
    }

    /** Where the telephony finds a path of ours. */
    URI publicUri(String pathAndQuery) {
        return URI.create(publicUrl + pathAndQuery);
    }

    private static MultiValueMap<String, String> parse(String body) {
        MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        if (body.isEmpty()) {
            return form;
        }
        try {
            for (String pair : body.split("&", -1)) {
                int at = pair.indexOf('=');
                String name = at < 0 ? pair : pair.substring(0, at);
                String value = at < 0 ? "" : pair.substring(at + 1);
                form.add(decoded(name), decoded(value));
            }
            return form;
        } catch (IllegalArgumentException e) {
            throw ProblemException.of(ProblemCode.BAD_REQUEST, "The body is not a form.");
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
