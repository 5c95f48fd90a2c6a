package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.Confined;
import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.Replies;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers REST requests: authentication, faults before and after the work, the vendor's headers and error bodies. */
final class TwilioReplies {
    private static final Set<FaultKind> BEFORE =
            EnumSet.of(FaultKind.HTTP_429, FaultKind.HTTP_500, FaultKind.HTTP_ERROR, FaultKind.SILENT);
    private static final Set<FaultKind> AFTER = EnumSet.of(FaultKind.DELAY, FaultKind.DELAY_WORK, FaultKind.DROP_REPLY);

    private final Exchange exchange;

    TwilioReplies(Exchange exchange) {
        this.exchange = exchange;
    }

    /**
     * Does {@code work} on the simulators' thread and answers with {@code status} and its JSON.
     *
     * @param operation for faults, such as {@code createCall}
     * @param targets what a fault may be meant for: call sid, number
     */
    Mono<ResponseEntity<Object>> reply(
            ServerWebExchange web,
            String operation,
            int status,
            @Nullable String accountInPath,
            Callable<Object> work,
            @Nullable String... targets) {
        try {
            TwilioAuth.check(
                    exchange.settings(), web.getRequest().getHeaders().getFirst("Authorization"), accountInPath);
        } catch (TwilioError e) {
            return Mono.just(error(e));
        }
        Optional<Fault> before = exchange.faults().take(Exchange.VENDOR, operation, BEFORE, targets);
        if (before.isPresent()) {
            return refuse(before.get());
        }
        Optional<Fault> after = exchange.faults().take(Exchange.VENDOR, operation, AFTER, targets);
        Mono<ResponseEntity<Object>> answer = Confined.on(exchange.time(), work)
                .map(body -> answer(status, body))
                .onErrorResume(TwilioError.class, e -> Mono.just(error(e)));
        return after.map(fault -> spoil(web, fault, answer)).orElse(answer);
    }

    private Mono<ResponseEntity<Object>> spoil(
            ServerWebExchange web, Fault fault, Mono<ResponseEntity<Object>> answer) {
        Duration delay = Duration.ofMillis(fault.delayMillis());
        return switch (fault.kind()) {
            case DROP_REPLY -> answer.then(Replies.drop(web.getResponse()));
            case DELAY_WORK -> answer.delaySubscription(delay);
            default -> answer.delayElement(delay);
        };
    }

    private Mono<ResponseEntity<Object>> refuse(Fault fault) {
        return switch (fault.kind()) {
            case HTTP_429 -> Mono.just(error(new TwilioError(429, 20429, "Too Many Requests")));
            case HTTP_ERROR ->
                Mono.just(error(new TwilioError(
                        fault.httpStatus(), fault.errorCode(), "Refused by fault switch " + fault.id())));
            case SILENT -> Replies.silence();
            default -> Mono.just(error(new TwilioError(500, 20500, "Internal Server Error")));
        };
    }

    private ResponseEntity<Object> answer(int status, Object body) {
        return headers(ResponseEntity.status(status)).body(body);
    }

    private ResponseEntity<Object> error(TwilioError error) {
        Map<String, Object> body = error.body();
        return headers(ResponseEntity.status(error.status())).body(body);
    }

    private ResponseEntity.BodyBuilder headers(ResponseEntity.BodyBuilder builder) {
        return builder.header("Twilio-Request-Id", exchange.sids().next("RQ"))
                .header("Twilio-Concurrent-Requests", "1")
                .header("Twilio-Request-Duration", "0.010");
    }
}
