package ai.callmeback.api.web;

import ai.callmeback.vendors.settings.PlatformSettings;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * What a browser is told about every answer. Scripts, styles and connections come from here alone; only the API's
 * reference page, a library of others, may set inline styles. Answers of the API itself are never cached.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class SecurityHeaders implements WebFilter {
    private static final String POLICY =
            "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; style-src 'self'%s;"
                    + " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    private static final String OURS = POLICY.formatted("");
    private static final String REFERENCE = POLICY.formatted(" 'unsafe-inline'");

    private final boolean encrypted;

    SecurityHeaders(PlatformSettings platform) {
        this.encrypted = "https".equals(platform.publicUrl().getScheme());
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String path = exchange.getRequest().getPath().value();
        HttpHeaders headers = exchange.getResponse().getHeaders();
        headers.set("Content-Security-Policy", path.startsWith("/swagger-ui") ? REFERENCE : OURS);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
        if (encrypted) {
            headers.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        }
        if (path.startsWith("/api/")) {
            exchange.getResponse().beforeCommit(() -> {
                if (headers.getCacheControl() == null) {
                    headers.setCacheControl("no-store");
                }
                return Mono.empty();
            });
        }
        return chain.filter(exchange);
    }
}
