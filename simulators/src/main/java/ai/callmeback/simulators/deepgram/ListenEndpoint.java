package ai.callmeback.simulators.deepgram;

import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.Replies;
import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.wire.Json;
import ai.callmeback.simulators.wire.WebSockets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/** The upgrade: authentication, query, concurrency and faults, each refused in the vendor's shape. */
final class ListenEndpoint implements WebHandler {
    private static final Set<FaultKind> AT_UPGRADE =
            EnumSet.of(FaultKind.HTTP_429, FaultKind.HTTP_500, FaultKind.HTTP_ERROR, FaultKind.DROP_REPLY);

    private final boolean flux;
    private final ListenSession.Shared shared;
    private final SimTime time;

    ListenEndpoint(boolean flux, ListenSession.Shared shared, SimTime time) {
        this.flux = flux;
        this.shared = shared;
        this.time = time;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        String requestId = UUID.randomUUID().toString();
        exchange.getResponse().getHeaders().set("dg-request-id", requestId);
        String offered = DeepgramAuth.offeredKey(exchange.getRequest().getHeaders());
        if (offered == null || !shared.settings().accepts(offered)) {
            return refuse(exchange, HttpStatus.UNAUTHORIZED.value(), "INVALID_AUTH", "Invalid credentials.", requestId);
        }
        if (!WebSockets.isUpgrade(exchange)) {
            return refuse(exchange, 400, "Bad Request", "This endpoint speaks WebSocket only.", requestId);
        }
        ListenOptions options;
        try {
            options = ListenQuery.parse(exchange.getRequest().getQueryParams(), flux);
        } catch (ListenQuery.BadQuery bad) {
            return refuse(exchange, 400, "Bad Request", String.valueOf(bad.getMessage()), requestId);
        }
        return faulty(exchange, options, requestId);
    }

    private Mono<Void> faulty(ServerWebExchange exchange, ListenOptions options, String requestId) {
        String[] targets = options.tags().toArray(new String[0]);
        Optional<Fault> taken = shared.faults().take("deepgram", "listen", AT_UPGRADE, targets);
        if (taken.isPresent()) {
            return strike(exchange, taken.get(), requestId);
        }
        Duration wait = shared.faults()
                .take("deepgram", "connect", EnumSet.of(FaultKind.DELAY), targets)
                .map(fault -> Duration.ofMillis(fault.delayMillis()))
                .orElse(Duration.ZERO);
        Mono<Void> upgraded = Mono.defer(() -> upgrade(exchange, options, requestId));
        return wait.isZero() ? upgraded : Mono.delay(wait).then(upgraded);
    }

    private Mono<Void> upgrade(ServerWebExchange exchange, ListenOptions options, String requestId) {
        if (!shared.account().open(shared.settings().maxConcurrent())) {
            return refuse(exchange, 429, "TOO_MANY_REQUESTS", "Too many requests. Please try again later.", requestId);
        }
        boolean offersToken = exchange.getRequest().getHeaders().containsHeader("Sec-WebSocket-Protocol");
        AtomicBoolean served = new AtomicBoolean();
        return WebSockets.serve(exchange, offersToken ? "token" : null, peer -> {
                    served.set(true);
                    return flux
                            ? new FluxSession(requestId, peer, options, shared)
                            : new NovaSession(requestId, peer, options, shared, time.now());
                })
                .doFinally(end -> {
                    // A session gives its place back when its connection ends; a failed upgrade never had one.
                    if (!served.get()) {
                        shared.account().abandoned();
                    }
                });
    }

    private Mono<Void> strike(ServerWebExchange exchange, Fault fault, String requestId) {
        return switch (fault.kind()) {
            case HTTP_429 ->
                refuse(exchange, 429, "TOO_MANY_REQUESTS", "Too many requests. Please try again later.", requestId);
            case HTTP_500 -> refuse(exchange, 500, "INTERNAL_SERVER_ERROR", "Internal server error.", requestId);
            case DROP_REPLY -> Replies.drop(exchange.getResponse());
            default -> refuse(exchange, fault.httpStatus(), categoryOf(fault.httpStatus()), "Refused.", requestId);
        };
    }

    private static String categoryOf(int status) {
        return switch (status) {
            case 401 -> "INVALID_AUTH";
            case 402 -> "ASR_PAYMENT_REQUIRED";
            case 403 -> "INSUFFICIENT_PERMISSIONS";
            default -> status >= 500 ? "INTERNAL_SERVER_ERROR" : "Bad Request";
        };
    }

    /** 429 and 5xx in the newer shape with a category, the rest in the older one: clients must understand both. */
    static Mono<Void> refuse(
            ServerWebExchange exchange, int status, String code, String message, @Nullable String requestId) {
        ServerHttpResponse response = exchange.getResponse();
        response.setRawStatusCode(status);
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(MediaType.APPLICATION_JSON);
        headers.set("dg-error", message);
        String id = Json.quote(requestId);
        String body = status == 429 || status >= 500
                ? "{\"category\":" + Json.quote(code) + ",\"message\":" + Json.quote(message)
                        + ",\"details\":\"see the documentation\",\"request_id\":" + id + "}"
                : "{\"err_code\":" + Json.quote(code) + ",\"err_msg\":" + Json.quote(message) + ",\"request_id\":" + id
                        + "}";
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body.getBytes(StandardCharsets.UTF_8))));
    }
}
