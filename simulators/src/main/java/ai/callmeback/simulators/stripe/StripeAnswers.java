package ai.callmeback.simulators.stripe;

import ai.callmeback.simulators.core.Resettable;
import ai.callmeback.simulators.wire.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/** What was answered under idempotency keys: the first answer to a key is every answer to it; other parameters under it are an error. */
@Component
class StripeAnswers implements Resettable {
    private static final int MAX_KEYS = 20_000;
    private static final String KIND = "key";
    private static final int PAYMENT_REQUIRED = 402;

    private record Answered(String request, int status, String body) {}

    /** What a request asks for. */
    interface Work {
        Object on(Map<String, String> form) throws StripeError;
    }

    private final StripeMemory memory;
    private final Map<String, Answered> byKey = new LinkedHashMap<>();

    StripeAnswers(StripeMemory memory) {
        this.memory = memory;
        memory.found(KIND)
                .forEach((key, answered) -> byKey.put(
                        key,
                        new Answered(
                                String.valueOf(answered.get("request")),
                                ((Long) answered.get("status")).intValue(),
                                String.valueOf(answered.get("body")))));
    }

    /** Does the work, with all that it changes in one piece, unless that was answered before. */
    ResponseEntity<String> once(ServerHttpRequest request, Map<String, String> form, Work work) throws StripeError {
        return memory.together(() -> answer(request, form, work));
    }

    private ResponseEntity<String> answer(ServerHttpRequest request, Map<String, String> form, Work work)
            throws StripeError {
        String key = request.getHeaders().getFirst("Idempotency-Key");
        String asked = request.getPath() + " " + form;
        Answered before = key == null ? null : byKey.get(key);
        if (before != null && !before.request.equals(asked)) {
            throw new StripeError(
                    400,
                    "idempotency_error",
                    null,
                    null,
                    "Keys for idempotent requests can only be used with the same parameters.");
        } else if (before != null) {
            return ResponseEntity.status(before.status)
                    .contentType(MediaType.APPLICATION_JSON)
                    .header("Idempotent-Replayed", "true")
                    .body(before.body);
        }
        ResponseEntity<String> answer;
        try {
            answer = StripeController.json(200, Json.write(work.on(form)));
        } catch (StripeError e) {
            if (e.status() != PAYMENT_REQUIRED) {
                throw e;
            }
            // The card was tried: that too is the answer to every repeat.
            answer = StripeController.json(PAYMENT_REQUIRED, Json.write(e.body()));
        }
        if (key != null) {
            keep(key, new Answered(asked, answer.getStatusCode().value(), String.valueOf(answer.getBody())));
        }
        return answer;
    }

    private void keep(String key, Answered answered) {
        if (byKey.size() >= MAX_KEYS) {
            String oldest = byKey.keySet().iterator().next();
            byKey.remove(oldest);
            memory.keep(KIND, oldest, () -> null);
        }
        byKey.put(key, answered);
        memory.keep(KIND, key, () -> answered);
    }

    @Override
    public void reset() {
        memory.all(byKey::clear);
    }
}
