package ai.callmeback.simulators.resend;

import ai.callmeback.simulators.core.Details;
import org.springframework.http.ResponseEntity;

/** A refusal: status, the vendor's name for it, and words. */
final class ResendError extends Exception {
    private final int status;
    private final String name;

    ResendError(int status, String name, String message) {
        super(message);
        this.status = status;
        this.name = name;
    }

    ResponseEntity<Object> response() {
        ResponseEntity.BodyBuilder response = ResponseEntity.status(status);
        if (status == 429 && name.equals("rate_limit_exceeded")) {
            response.header("retry-after", "1");
        }
        return response.body(Details.of("statusCode", status, "name", name, "message", getMessage()));
    }
}
