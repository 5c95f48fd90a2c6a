package ai.callmeback.api.webhook;

import ai.callmeback.api.inbound.Reception;
import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.db.call.RungCalls;
import ai.callmeback.db.inbound.InboundOutcome;
import ai.callmeback.domain.E164;
import ai.callmeback.vendors.telephony.StreamTwiml;
import io.swagger.v3.oas.annotations.Hidden;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * Somebody rings a number of ours: set as the number's voice URL at Twilio, with {@code /status} as its status callback. A
 * call that is let in is connected in this very answer; who is turned away hears why. Temporal takes no part.
 */
@RestController
@RequestMapping("/webhooks/twilio/inbound")
@Hidden
class InboundWebhooks {
    private static final Logger log = LoggerFactory.getLogger(InboundWebhooks.class);
    private static final Duration DECISION_TIMEOUT = Duration.ofSeconds(4);
    private static final int TRIES = 4;
    private static final String SORRY = "We cannot take your call at the moment. Please try again in a minute.";

    private final SignedForm forms;
    private final Reception reception;
    private final StreamAnswers answers;
    private final CallbackEvents events;

    InboundWebhooks(SignedForm forms, Reception reception, StreamAnswers answers, CallbackEvents events) {
        this.forms = forms;
        this.reception = reception;
        this.answers = answers;
        this.events = events;
    }

    @PostMapping
    Mono<ResponseEntity<String>> rings(@RequestParam(defaultValue = "1") int tried, ServerHttpRequest request) {
        return forms.verified(request).flatMap(form -> decide(form, tried));
    }

    private Mono<ResponseEntity<String>> decide(MultiValueMap<String, String> form, int tried) {
        String sid = CallbackEvents.sid(form);
        return reception
                .answer(sid, called(form), form.getFirst("From"), form.getFirst("StirVerstat"))
                .timeout(DECISION_TIMEOUT)
                .flatMap(outcome -> switch (outcome) {
                    case InboundOutcome.Accepted accepted ->
                        answers.connect(accepted.callId(), RungCalls.ATTEMPT, sid, 1);
                    case InboundOutcome.Refused refused -> say(refused.why().words());
                })
                .onErrorResume(CallbackEvents::isStorage, e -> {
                    // Asking again is safe: there is one decision per call, whatever became of this try.
                    log.warn("inbound call {}: no answer from the database, try {}", sid, tried, e);
                    return tried < TRIES ? again(tried + 1) : say(SORRY);
                });
    }

    private Mono<ResponseEntity<String>> again(int tried) {
        return Mono.just(StreamAnswers.twiml(
                StreamAnswers.askAgain(forms.publicUri("/webhooks/twilio/inbound?tried=" + tried))));
    }

    private static Mono<ResponseEntity<String>> say(String words) {
        return Mono.just(StreamAnswers.twiml(StreamTwiml.sayThenHangUp(words)));
    }

    private static E164 called(MultiValueMap<String, String> form) {
        try {
            return new E164(String.valueOf(form.getFirst("To")));
        } catch (IllegalArgumentException e) {
            throw ProblemException.ofField(
                    FieldProblem.of("To", ProblemCode.INVALID_NUMBER, "A call comes in at a number."));
        }
    }

    /** Of a call that was turned away there is nothing to keep. */
    @PostMapping("/status")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> status(ServerHttpRequest request) {
        return forms.verified(request).flatMap(form -> {
            String sid = CallbackEvents.sid(form);
            return reception.find(sid).flatMap(call -> events.storeStatus(call, RungCalls.ATTEMPT, sid, form));
        });
    }
}
