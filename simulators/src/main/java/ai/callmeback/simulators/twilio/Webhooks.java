package ai.callmeback.simulators.twilio;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How the vendor calls its customer. */
interface Webhooks {
    /** Delivers a request; {@code done} is called once, on the simulators' thread. */
    void send(Request request, Consumer<Result> done);

    /**
     * A signed form request.
     *
     * @param idempotencyToken the same on a retry of the delivery; null for callbacks that carry none
     */
    record Request(
            String url,
            String method,
            Map<String, String> form,
            @Nullable String idempotencyToken) {}

    /**
     * What came of it.
     *
     * @param status HTTP status, or 0 if there was no answer
     * @param failure why there was no answer
     * @param attempts how often it was sent
     */
    record Result(
            int status,
            String contentType,
            String body,
            @Nullable String failure,
            int attempts) {
        static Result failed(String failure, int attempts) {
            return new Result(0, "", "", failure, attempts);
        }

        boolean ok() {
            return status >= 200 && status < 300;
        }
    }
}
