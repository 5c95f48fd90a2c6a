package ai.callmeback.simulators.resend;

import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Replies;
import ai.callmeback.simulators.core.SimTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** {@code /emails}, as far as a sender of single e-mails uses it. */
@RestController
@RequestMapping("/resend")
@EnableConfigurationProperties(ResendSettings.class)
class ResendController {
    private final ResendSettings settings;
    private final Outbox outbox;
    private final Faults faults;
    private final SimTime time;
    private long second;
    private int requestsThisSecond;

    ResendController(ResendSettings settings, Outbox outbox, Faults faults, SimTime time) {
        this.settings = settings;
        this.outbox = outbox;
        this.faults = faults;
        this.time = time;
    }

    @PostMapping("/emails")
    Mono<ResponseEntity<Object>> send(
            @RequestHeader HttpHeaders headers,
            @RequestBody(required = false) @Nullable String body,
            ServerHttpResponse response) {
        try {
            authorize(headers);
            int remaining = take();
            response.getHeaders().set("ratelimit-limit", String.valueOf(settings.requestsPerSecond()));
            response.getHeaders().set("ratelimit-remaining", String.valueOf(remaining));
            response.getHeaders().set("ratelimit-reset", "1");
            if (remaining < 0) {
                throw new ResendError(429, "rate_limit_exceeded", "Too many requests.");
            }
        } catch (ResendError refused) {
            return Mono.just(refused.response());
        }
        Optional<Fault> fault = faults.take("resend", "emails", headers.getFirst("Idempotency-Key"));
        return fault.isPresent() ? faulty(fault.get(), headers, body, response) : Mono.just(accept(headers, body));
    }

    @GetMapping("/emails/{id}")
    ResponseEntity<Object> show(@RequestHeader HttpHeaders headers, @PathVariable String id) {
        try {
            authorize(headers);
            return outbox.find(id)
                    .<ResponseEntity<Object>>map(email -> ResponseEntity.ok(email.shown()))
                    .orElseThrow(() -> new ResendError(404, "not_found", "Email not found"));
        } catch (ResendError refused) {
            return refused.response();
        }
    }

    private ResponseEntity<Object> accept(HttpHeaders headers, @Nullable String body) {
        try {
            String id = outbox.accept(headers.getFirst("Idempotency-Key"), body == null ? "" : body);
            return ResponseEntity.ok(Map.of("id", id));
        } catch (ResendError refused) {
            return refused.response();
        }
    }

    private Mono<ResponseEntity<Object>> faulty(
            Fault fault, HttpHeaders headers, @Nullable String body, ServerHttpResponse response) {
        return switch (fault.kind()) {
            case DELAY -> {
                ResponseEntity<Object> accepted = accept(headers, body);
                yield Mono.delay(Duration.ofMillis(fault.delayMillis())).thenReturn(accepted);
            }
            case DELAY_WORK ->
                Mono.fromCallable(() -> accept(headers, body))
                        .delaySubscription(Duration.ofMillis(fault.delayMillis()));
            case DROP_REPLY -> {
                accept(headers, body);
                yield Replies.drop(response);
            }
            case SILENT -> Replies.silence();
            case HTTP_429 -> Mono.just(limited(fault).response());
            case HTTP_ERROR ->
                Mono.just(new ResendError(fault.httpStatus(), "application_error", "Told to fail.").response());
            default -> Mono.just(new ResendError(500, "internal_server_error", "Told to fail.").response());
        };
    }

    /** The error code of the fault says which limit: requests (0) or the day's quota (1). */
    private static ResendError limited(Fault fault) {
        return fault.errorCode() == 1
                ? new ResendError(429, "daily_quota_exceeded", "You have reached your daily email sending quota.")
                : new ResendError(429, "rate_limit_exceeded", "Too many requests.");
    }

    private void authorize(HttpHeaders headers) throws ResendError {
        String authorization = headers.getFirst(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw new ResendError(401, "missing_api_key", "Missing API Key");
        }
        String offered = authorization.substring(7).strip();
        if (offered.isEmpty() || !settings.accepts(offered)) {
            throw new ResendError(403, "invalid_api_key", "API key is invalid");
        }
    }

    /** Counts a request; negative once the second is used up. */
    private synchronized int take() {
        long now = time.now().getEpochSecond();
        if (now != second) {
            second = now;
            requestsThisSecond = 0;
        }
        requestsThisSecond++;
        return settings.requestsPerSecond() - requestsThisSecond;
    }
}
