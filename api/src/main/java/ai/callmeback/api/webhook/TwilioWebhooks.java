package ai.callmeback.api.webhook;

import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.domain.CallId;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * What Twilio tells us and asks us about a call. None of it needs Temporal. Progress is stored and acknowledged; a repeat
 * of an event is acknowledged and stored once; order does not matter, the relay's handlers only move forward. Twilio does
 * not repeat a callback that was answered with 5xx, so a short failure of the database is waited out here.
 */
@RestController
@RequestMapping("/webhooks/twilio")
@Hidden
class TwilioWebhooks {
    private static final List<String> MACHINE_FIELDS = List.of("CallSid", "AnsweredBy", "MachineDetectionDuration");

    private final SignedForm forms;
    private final CallbackEvents events;
    private final StreamAnswers answers;

    TwilioWebhooks(SignedForm forms, CallbackEvents events, StreamAnswers answers) {
        this.forms = forms;
        this.events = events;
        this.answers = answers;
    }

    @PostMapping("/status/{callId}/{attempt}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> status(@PathVariable String callId, @PathVariable String attempt, ServerHttpRequest request) {
        return forms.verified(request).flatMap(form -> {
            Target target = target(callId, attempt);
            return events.storeStatus(target.call(), target.attempt(), CallbackEvents.sid(form), form);
        });
    }

    @PostMapping("/amd/{callId}/{attempt}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> machineDetection(@PathVariable String callId, @PathVariable String attempt, ServerHttpRequest request) {
        return forms.verified(request)
                .flatMap(form -> store(
                        target(callId, attempt),
                        "amd",
                        "amd:" + CallbackEvents.sid(form),
                        CallbackEvents.kept(form, MACHINE_FIELDS)));
    }

    /** The phone was picked up, or a round of streams is used up: where to connect now. */
    @PostMapping("/voice/{callId}/{attempt}")
    Mono<ResponseEntity<String>> voice(
            @PathVariable String callId,
            @PathVariable String attempt,
            @RequestParam(defaultValue = "1") int leg,
            ServerHttpRequest request) {
        return forms.verified(request).flatMap(form -> {
            Target target = target(callId, attempt);
            return answers.connect(target.call(), target.attempt(), CallbackEvents.sid(form), leg);
        });
    }

    private Mono<Void> store(Target target, String kind, String key, Map<String, String> payload) {
        return events.store(target.call(), target.attempt(), kind, key, payload);
    }

    private record Target(CallId call, int attempt) {}

    private static Target target(String callId, String attempt) {
        try {
            return new Target(CallId.parse(callId), Integer.parseInt(attempt));
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("call");
        }
    }
}
