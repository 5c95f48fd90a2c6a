package ai.callmeback.simulators.elevenlabs;

import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.Replies;
import ai.callmeback.simulators.wire.Json;
import ai.callmeback.simulators.wire.WebSockets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/** The upgrade to one of the sockets: key, voice, model, format and faults. */
final class TtsEndpoint implements WebHandler {
    private static final Set<FaultKind> AT_UPGRADE =
            EnumSet.of(FaultKind.HTTP_429, FaultKind.HTTP_500, FaultKind.HTTP_ERROR, FaultKind.DROP_REPLY);

    private final boolean multi;
    private final TtsSession.Shared shared;

    TtsEndpoint(boolean multi, TtsSession.Shared shared) {
        this.multi = multi;
        this.shared = shared;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        String requestId = UUID.randomUUID().toString();
        exchange.getResponse().getHeaders().set("request-id", requestId);
        String key = offeredKey(exchange.getRequest());
        if (key != null && !shared.settings().accepts(key)) {
            return refuse(exchange, 401, "invalid_api_key", "Invalid API key");
        }
        if (!WebSockets.isUpgrade(exchange)) {
            return refuse(exchange, 400, "bad_request", "This endpoint speaks WebSocket only.");
        }
        TtsOptions options;
        try {
            options = TtsOptions.parse(voiceId(exchange), exchange.getRequest().getQueryParams(), null);
            if (!options.model().onSockets) {
                throw new TtsOptions.Refused(
                        403, "model_not_supported", options.model().id + " is not served by this socket.");
            }
        } catch (TtsOptions.Refused refused) {
            return refuse(exchange, refused.httpStatus, refused.status, String.valueOf(refused.getMessage()));
        }
        return faulty(exchange, options, key != null, requestId);
    }

    private Mono<Void> faulty(ServerWebExchange exchange, TtsOptions options, boolean authorized, String requestId) {
        String operation = TtsSession.operation(multi);
        Optional<Fault> taken = shared.faults().take("elevenlabs", operation, AT_UPGRADE, options.voiceId());
        if (taken.isPresent()) {
            return strike(exchange, taken.get());
        }
        Duration wait = shared.faults()
                .take("elevenlabs", "connect", EnumSet.of(FaultKind.DELAY), options.voiceId())
                .map(fault -> Duration.ofMillis(fault.delayMillis()))
                .orElse(Duration.ZERO);
        Mono<Void> upgraded = WebSockets.serve(
                exchange, null, peer -> new TtsSession(requestId, peer, multi, options, authorized, shared));
        return wait.isZero() ? upgraded : Mono.delay(wait).then(upgraded);
    }

    private static Mono<Void> strike(ServerWebExchange exchange, Fault fault) {
        return switch (fault.kind()) {
            case HTTP_429 ->
                refuse(exchange, 429, "too_many_concurrent_requests", "Too many concurrent requests for your plan.");
            case HTTP_500 -> refuse(exchange, 500, "internal_error", "Something went wrong.");
            case DROP_REPLY -> Replies.drop(exchange.getResponse());
            default -> refuse(exchange, fault.httpStatus(), "refused", "Refused.");
        };
    }

    static @Nullable String offeredKey(ServerHttpRequest request) {
        String header = request.getHeaders().getFirst("xi-api-key");
        if (header != null) {
            return header;
        }
        String authorization = request.getQueryParams().getFirst("authorization");
        return authorization != null
                ? authorization.replaceFirst("(?i)^bearer ", "")
                : request.getQueryParams().getFirst("single_use_token");
    }

    private static String voiceId(ServerWebExchange exchange) {
        Map<String, String> variables = exchange.getRequiredAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
        return variables.getOrDefault("voice", "");
    }

    static Mono<Void> refuse(ServerWebExchange exchange, int status, String code, String message) {
        ServerHttpResponse response = exchange.getResponse();
        response.setRawStatusCode(status);
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        String body = "{\"detail\":{\"status\":" + Json.quote(code) + ",\"message\":" + Json.quote(message) + "}}";
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body.getBytes(StandardCharsets.UTF_8))));
    }
}
