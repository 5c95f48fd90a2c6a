package ai.callmeback.api.web;

import static org.assertj.core.api.Assertions.assertThatCode;

import ai.callmeback.api.testing.ApiTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Guard: {@link WholeBodies}: requests that follow files on their connections. */
class WholeBodiesTest extends ApiTest {
    private static final List<String> FILES =
            List.of("/css/base.css", "/css/app.css", "/js/dom.js", "/js/api.js", "/js/views/call.js", "/api/info");

    @Test
    void everyRequestAfterAFileIsAnswered() {
        try (HttpClient browser =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            assertThatCode(() -> {
                        for (int visit = 0; visit < 40; visit++) {
                            CompletableFuture.allOf(FILES.stream()
                                            .map(file -> browser.sendAsync(
                                                    get(file), HttpResponse.BodyHandlers.discarding()))
                                            .toArray(CompletableFuture[]::new))
                                    .join();
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(URI.create(baseUrl() + path))
                .timeout(Duration.ofSeconds(10))
                .build();
    }
}
