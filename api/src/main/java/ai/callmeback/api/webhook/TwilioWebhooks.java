package ai.callmeback.api.webhook;

import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.db.answer.StreamOffer;
import ai.callmeback.db.answer.StreamOffers;
import ai.callmeback.db.call.InboxMessage;
import ai.callmeback.db.call.WebhookInbox;
import ai.callmeback.domain.CallId;
import ai.callmeback.vendors.telephony.StreamTwiml;
import io.r2dbc.spi.R2dbcException;
import io.swagger.v3.oas.annotations.Hidden;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/**
 * What Twilio tells us and asks us about a call. None of it needs Temporal. Progress is stored and acknowledged; a repeat
 * of an event is acknowledged and stored once; order does not matter, the relay's handlers only move forward. Twilio does
 * not repeat a callback that was answered with 5xx, so a short failure of the database is waited out here.
 */
@RestController
@RequestMapping("/webhooks/twilio")
@Hidden
class TwilioWebhooks {
    private static final Logger log = LoggerFactory.getLogger(TwilioWebhooks.class);
    private static final MediaType TWIML = MediaType.parseMediaType("text/xml;charset=UTF-8");
    private static final String SOURCE = "twilio";
    private static final int MAX_SID_LENGTH = 64;
    /** Rounds of one answer: four streams each, or a second's pause while no voice worker lives. */
    private static final int MAX_LEGS = 60;

    private static final Duration OFFER_TIMEOUT = Duration.ofSeconds(4);
    private static final RetryBackoffSpec PATIENCE =
            Retry.backoff(4, Duration.ofMillis(200)).maxBackoff(Duration.ofSeconds(2));
    /** What is kept of a status callback: no telephone numbers, no places. */
    private static final List<String> STATUS_FIELDS = List.of(
            "CallSid", "CallStatus", "Timestamp", "CallDuration", "SipResponseCode", "AnsweredBy", "SequenceNumber");

    private static final List<String> MACHINE_FIELDS = List.of("CallSid", "AnsweredBy", "MachineDetectionDuration");

    private final SignedForm forms;
    private final WebhookInbox inbox;
    private final StreamOffers offers;
    private final Clock clock;

    TwilioWebhooks(SignedForm forms, WebhookInbox inbox, StreamOffers offers, Clock clock) {
        this.forms = forms;
        this.inbox = inbox;
        this.offers = offers;
        this.clock = clock;
    }

    @PostMapping("/status/{callId}/{attempt}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> status(@PathVariable String callId, @PathVariable String attempt, ServerHttpRequest request) {
        return forms.verified(request).flatMap(form -> storeStatus(target(callId, attempt), form));
    }

    private Mono<Void> storeStatus(Target target, MultiValueMap<String, String> form) {
        String sid = sid(form);
        String order = form.containsKey("SequenceNumber")
                ? form.getFirst("SequenceNumber")
                : String.valueOf(form.getFirst("Timestamp"));
        String key = "status:" + sid + ":" + order + ":" + form.getFirst("CallStatus");
        return store(target, "status", key, kept(form, STATUS_FIELDS));
    }

    @PostMapping("/amd/{callId}/{attempt}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> machineDetection(@PathVariable String callId, @PathVariable String attempt, ServerHttpRequest request) {
        return forms.verified(request)
                .flatMap(form -> store(target(callId, attempt), "amd", "amd:" + sid(form), kept(form, MACHINE_FIELDS)));
    }

    /** The phone was picked up, or a round of streams is used up: where to connect now. */
    @PostMapping("/voice/{callId}/{attempt}")
    Mono<ResponseEntity<String>> voice(
            @PathVariable String callId,
            @PathVariable String attempt,
            @RequestParam(defaultValue = "1") int leg,
            ServerHttpRequest request) {
        return forms.verified(request).flatMap(form -> answer(target(callId, attempt), sid(form), leg));
    }

    private Mono<ResponseEntity<String>> answer(Target target, String sid, int leg) {
        if (leg > MAX_LEGS) {
            log.warn("call {} attempt {}: hung up after {} rounds", target.call(), target.attempt(), MAX_LEGS);
            return Mono.just(twiml(StreamTwiml.hangUp()));
        }
        URI next = forms.publicUri(
                "/webhooks/twilio/voice/" + target.call() + "/" + target.attempt() + "?leg=" + (leg + 1));
        return offers.offer(target.call(), target.attempt(), sid, clock.instant())
                .timeout(OFFER_TIMEOUT)
                .map(offer -> answer(offer, next))
                .onErrorResume(TwilioWebhooks::isStorage, e -> {
                    // The person is on the line: keep them, and ask again in a second.
                    log.warn("call {}: no answer from the database, asking to be asked again", target.call(), e);
                    return Mono.just(askAgain(next));
                })
                .map(TwilioWebhooks::twiml);
    }

    private static String answer(StreamOffer offer, URI next) {
        return switch (offer) {
            case StreamOffer.Streams streams -> connect(streams.streams(), next);
            case StreamOffer.NoWorker none -> askAgain(next);
            case StreamOffer.Over over -> StreamTwiml.hangUp();
            case StreamOffer.Unknown unknown -> StreamTwiml.hangUp();
        };
    }

    private static String connect(List<StreamOffer.Stream> streams, URI next) {
        StreamTwiml twiml = new StreamTwiml();
        streams.forEach(stream -> twiml.stream(URI.create(stream.url()), Map.of("token", stream.token())));
        return twiml.write(next);
    }

    /** A second's silence, then this question again. */
    private static String askAgain(URI next) {
        return StreamTwiml.pauseThen(1, next);
    }

    private Mono<Void> store(Target target, String kind, String key, Map<String, String> payload) {
        return inbox.store(new InboxMessage(
                        0, SOURCE, kind, key, target.call(), target.attempt(), payload, clock.instant()))
                .retryWhen(PATIENCE.filter(TwilioWebhooks::isStorage))
                .then();
    }

    private static boolean isStorage(Throwable error) {
        return error instanceof R2dbcException
                || error instanceof DataAccessException
                || error instanceof java.util.concurrent.TimeoutException;
    }

    private static ResponseEntity<String> twiml(String xml) {
        return ResponseEntity.ok().contentType(TWIML).body(xml);
    }

    private record Target(CallId call, int attempt) {}

    private static Target target(String callId, String attempt) {
        try {
            return new Target(CallId.parse(callId), Integer.parseInt(attempt));
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("call");
        }
    }

    private static String sid(MultiValueMap<String, String> form) {
        String sid = form.getFirst("CallSid");
        if (sid == null || sid.isBlank() || sid.length() > MAX_SID_LENGTH) {
            throw ProblemException.ofField(
                    FieldProblem.of("CallSid", ProblemCode.FIELD_REQUIRED, "A webhook about a call names it."));
        }
        return sid;
    }

    private static Map<String, String> kept(MultiValueMap<String, String> form, List<String> fields) {
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
