package ai.callmeback.simulators.stripe;

import ai.callmeback.simulators.core.Details;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A refusal in the vendor's shape. */
final class StripeError extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;
    private final @Nullable String code;
    private final @Nullable String param;
    private final transient Map<String, Object> more;

    StripeError(int status, String type, @Nullable String code, @Nullable String param, String message) {
        this(status, type, code, param, message, Map.of());
    }

    private StripeError(
            int status,
            String type,
            @Nullable String code,
            @Nullable String param,
            String message,
            Map<String, Object> more) {
        super(message);
        this.more = more;
        this.status = status;
        this.type = type;
        this.code = code;
        this.param = param;
    }

    static StripeError invalid(String param, String message) {
        return new StripeError(400, "invalid_request_error", "parameter_invalid", param, message);
    }

    /** A card that was tried and refused; the payment is told with it. */
    static StripeError card(String code, @Nullable String decline, Map<String, Object> payment) {
        return new StripeError(
                402,
                "card_error",
                code,
                null,
                "Your card was not accepted.",
                Details.of("decline_code", decline, "payment_intent", payment));
    }

    static StripeError missing(String what, String id) {
        return new StripeError(
                404, "invalid_request_error", "resource_missing", "id", "No such " + what + ": '" + id + "'");
    }

    int status() {
        return status;
    }

    Map<String, Object> body() {
        Map<String, Object> error = Details.of("type", type, "code", code, "param", param, "message", getMessage());
        error.putAll(more);
        return Map.of("error", error);
    }
}
