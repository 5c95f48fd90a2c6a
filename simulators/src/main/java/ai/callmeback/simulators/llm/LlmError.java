package ai.callmeback.simulators.llm;

import ai.callmeback.simulators.wire.Json;
import org.jspecify.annotations.Nullable;

/** A request refused, in the words of the vendor. */
final class LlmError extends Exception {
    final int status;
    final String type;
    final @Nullable String param;
    final String code;

    LlmError(int status, String type, @Nullable String param, String code, String message) {
        super(message);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
    }

    static LlmError invalid(@Nullable String param, String message) {
        return new LlmError(400, "invalid_request_error", param, "invalid_value", message);
    }

    /** {@code {"error":{…}}}, as OpenAI sends it. */
    String wrapped() {
        return "{\"error\":" + flat() + "}";
    }

    /** The bare object, as Cerebras sends it. */
    String flat() {
        return "{\"message\":" + Json.quote(getMessage()) + ",\"type\":" + Json.quote(type) + ",\"param\":"
                + Json.quote(param) + ",\"code\":" + Json.quote(code) + "}";
    }
}
