package ai.callmeback.api.webhook;

import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.db.call.InboxMessage;
import ai.callmeback.db.call.WebhookInbox;
import ai.callmeback.domain.CallId;
import io.r2dbc.spi.R2dbcException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/** Keeps what Twilio tells about calls, without telephone numbers and places. A short failure of the database is waited out. */
@Component
class CallbackEvents {
    private static final String SOURCE = "twilio";
    private static final int MAX_SID_LENGTH = 64;
    private static final RetryBackoffSpec PATIENCE =
            Retry.backoff(4, Duration.ofMillis(200)).maxBackoff(Duration.ofSeconds(2));
    private static final List<String> STATUS_FIELDS = List.of(
            "CallSid", "CallStatus", "Timestamp", "CallDuration", "SipResponseCode", "AnsweredBy", "SequenceNumber");

    private final WebhookInbox inbox;
    private final Clock clock;

    CallbackEvents(WebhookInbox inbox, Clock clock) {
        this.inbox = inbox;
        this.clock = clock;
    }

    /** A repeat of the same event is stored once. */
    Mono<Void> storeStatus(CallId call, int attempt, String sid, MultiValueMap<String, String> form) {
        String order = form.containsKey("SequenceNumber")
                ? form.getFirst("SequenceNumber")
                : String.valueOf(form.getFirst("Timestamp"));
        String key = "status:" + sid + ":" + order + ":" + form.getFirst("CallStatus");
        return store(call, attempt, "status", key, kept(form, STATUS_FIELDS));
    }

    Mono<Void> store(CallId call, int attempt, String kind, String key, Map<String, String> payload) {
        return inbox.store(new InboxMessage(0, SOURCE, kind, key, call, attempt, payload, clock.instant()))
                .retryWhen(PATIENCE.filter(CallbackEvents::isStorage))
                .then();
    }

    static boolean isStorage(Throwable error) {
        return error instanceof R2dbcException
                || error instanceof DataAccessException
                || error instanceof TimeoutException;
    }

    static String sid(MultiValueMap<String, String> form) {
        String sid = form.getFirst("CallSid");
        if (sid == null || sid.isBlank() || sid.length() > MAX_SID_LENGTH) {
            throw ProblemException.ofField(
                    FieldProblem.of("CallSid", ProblemCode.FIELD_REQUIRED, "A webhook about a call names it."));
        }
        return sid;
    }

    static Map<String, String> kept(MultiValueMap<String, String> form, List<String> fields) {
        Map<String, String> kept = new HashMap<>();
        for (String field : fields) {
            String value = form.getFirst(field);
            if (value != null && !value.isEmpty()) {
                kept.put(field, value);
            }
        }
        return kept;
    }
}
