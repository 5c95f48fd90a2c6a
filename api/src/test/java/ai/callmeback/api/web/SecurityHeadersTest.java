package ai.callmeback.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

/** Guard: one filter before all others, so that also an error and a page that is not there carry the headers. */
class SecurityHeadersTest extends ApiTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/js/main.js",
                "/api/info",
                "/api/calls",
                "/api/nothing",
                "/nothing.html",
                "/problems",
                "/api-docs",
                "/actuator/health",
                "/swagger-ui/index.html"
            })
    void everyAnswerCarriesThem(String path) {
        HttpHeaders headers =
                web.get().uri(path).exchange().returnResult(String.class).getResponseHeaders();

        assertThat(headers.getFirst("Content-Security-Policy"))
                .contains("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe-eval", "http:", "https:", "*");
        if (!path.startsWith("/swagger-ui")) {
            assertThat(headers.getFirst("Content-Security-Policy")).doesNotContain("unsafe-inline");
        }
        assertThat(headers.getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(headers.getFirst("X-Frame-Options")).isEqualTo("DENY");
        assertThat(headers.getFirst("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(headers.getFirst("Strict-Transport-Security")).contains("max-age=");
        assertThat(headers.getFirst("Server")).isNull();
        if (path.startsWith("/api/")) {
            assertThat(headers.getFirst("Cache-Control")).isEqualTo("no-store");
        }
    }
}
