package ai.callmeback.vendors.wire;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.VendorFault.Kind;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the error bodies of all vendors. The shapes met in the field:
 *
 * <ul>
 *   <li>Deepgram: a bare string, {@code {err_code, err_msg}}, {@code {category, message}}
 *   <li>OpenAI and most: {@code {error: {message, type, code}}} (code may be a number); Ollama: {@code {error: "…"}}
 *   <li>Cerebras: flat {@code {message, type, code}}
 *   <li>ElevenLabs: {@code {detail: {status, message}}} and {@code {detail: [{msg, type}]}}
 *   <li>Resend: {@code {statusCode, name, message}}
 * </ul>
 */
public final class ErrorBodies {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,3})?");

    /** Codes that mean "paid for and used up", whatever the status: trying again cannot help. */
    private static final Set<String> QUOTA = Set.of(
            "insufficient_quota",
            "quota_exceeded",
            "token_quota_exceeded",
            "daily_quota_exceeded",
            "monthly_quota_exceeded",
            "ASR_PAYMENT_REQUIRED");

    private ErrorBodies() {}

    /** The fault told by an HTTP answer that is not the expected one. */
    public static VendorFault fault(String vendor, int status, HttpHeaders headers, String body) {
        return fault(vendor, status, body, headers.get("retry-after"), headers.get("dg-error"));
    }

    public static VendorFault fault(
            String vendor, int status, String body, @Nullable String retryAfter, @Nullable String errorHeader) {
        JsonNode error = parse(body);
        String code = error == null ? "" : first(error, "code", "err_code", "category", "status", "name", "type");
        String message = error == null ? body.strip() : first(error, "message", "err_msg", "msg");
        if (message.isEmpty()) {
            message = errorHeader == null ? "HTTP " + status : errorHeader;
        }
        return new VendorFault(vendor, kind(status, code), status, code, message, seconds(retryAfter));
    }

    /** The kind of an error told inside a stream, where there may be no status: then the vendor is to blame. */
    public static Kind kindOf(int status, String code) {
        return kind(status == 0 ? 500 : status, code);
    }

    static Kind kind(int status, String code) {
        if (QUOTA.contains(code)) {
            return Kind.QUOTA;
        }
        return switch (code) {
            case "invalid_api_key" -> Kind.UNAUTHORIZED;
            case "too_many_concurrent_requests", "system_busy", "rate_limit_exceeded", "queue_exceeded" ->
                Kind.RATE_LIMITED;
            default -> Kind.ofStatus(status);
        };
    }

    /** The object that holds the error, unwrapped; null if the body is not JSON. */
    private static @Nullable JsonNode parse(String body) {
        try {
            JsonNode root = JSON.readTree(body);
            if (root.isString()) {
                return JSON.createObjectNode().put("message", root.asString());
            }
            if (!root.isObject()) {
                return null;
            }
            for (String wrapper : new String[] {"error", "detail"}) {
                JsonNode inner = root.get(wrapper);
                if (inner != null && inner.isArray() && !inner.isEmpty()) {
                    inner = inner.get(0);
                }
                if (inner != null && inner.isObject()) {
                    return inner;
                }
                if (inner != null && inner.isString()) {
                    return JSON.createObjectNode().put("message", inner.asString());
                }
            }
            return root;
        } catch (JacksonException notJson) {
            return null;
        }
    }

    private static String first(JsonNode error, String... names) {
        for (String name : names) {
            JsonNode value = error.get(name);
            if (value != null
                    && (value.isString() || value.isNumber())
                    && !value.asString().isEmpty()) {
                return value.asString();
            }
        }
        return "";
    }

    /** Only the number form; vendors of ours do not send the date form. */
    private static @Nullable Duration seconds(@Nullable String header) {
        return header == null || !SECONDS.matcher(header.strip()).matches()
                ? null
                : Duration.ofMillis((long) (Double.parseDouble(header.strip()) * 1000));
    }
}
