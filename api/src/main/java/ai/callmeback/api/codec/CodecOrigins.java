package ai.callmeback.api.codec;

import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.problem.ProblemWriter;
import ai.callmeback.api.settings.ApiSettings;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Lets a browser use the codec server from the Temporal UI's origins. A page from anywhere else is refused, not only kept
 * from reading the answer; a program names no origin. A filter, because WebFlux answers pre-flights before controllers.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class CodecOrigins implements WebFilter {
    private static final String ALLOWED_HEADERS = "Content-Type, X-Namespace, Authorization";

    private final Set<String> origins;
    private final ProblemWriter problems;

    CodecOrigins(ApiSettings settings, ProblemWriter problems) {
        this.problems = problems;
        this.origins = settings.temporalUiUrl().stream()
                .map(String::strip)
                .filter(url -> !url.isEmpty())
                .map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String origin = exchange.getRequest().getHeaders().getOrigin();
        if (origin == null || !exchange.getRequest().getPath().value().startsWith("/codec/")) {
            return chain.filter(exchange);
        }
        if (!origins.contains(origin)) {
            return problems.write(
                    exchange,
                    ProblemException.of(
                            ProblemCode.ORIGIN_NOT_ALLOWED,
                            "Only the Temporal UI may use the codec server.",
                            "Set TEMPORAL_UI_URL to the address the Temporal UI is opened at."));
        }
        HttpHeaders headers = exchange.getResponse().getHeaders();
        headers.setAccessControlAllowOrigin(origin);
        headers.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        if (!exchange.getRequest().getMethod().equals(HttpMethod.OPTIONS)) {
            return chain.filter(exchange);
        }
        headers.setAccessControlAllowMethods(List.of(HttpMethod.POST));
        headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
        exchange.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
        return exchange.getResponse().setComplete();
    }
}
