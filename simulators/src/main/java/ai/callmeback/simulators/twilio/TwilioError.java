package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.Details;
import java.util.Map;

/** A refusal as the vendor words it. */
final class TwilioError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final int code;

    TwilioError(int status, int code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static TwilioError authenticate() {
        return new TwilioError(401, 20003, "Authenticate");
    }

    static TwilioError notFound(String path) {
        return new TwilioError(404, 20404, "The requested resource " + path + " was not found");
    }

    static TwilioError invalid(int code, String message) {
        return new TwilioError(400, code, message);
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }

    Map<String, Object> body() {
        return Details.of(
                "code",
                code,
                "message",
                getMessage(),
                "more_info",
                "https://www.twilio.com/docs/errors/" + code,
                "status",
                status);
    }
}
