package ai.callmeback.simulators.core;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

/** Guard: the version of Reactor Netty. 1.3.6 leaves the first request unanswered within two hundred. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class KeptConnectionsTest {
    private static final int REQUESTS = 2_000;

    @Value("${local.server.port}")
    private int port;

    @Test
    void everyRequestOnAKeptConnectionIsAnswered() {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            // One is answered by the thread of the phones, the other by the connection's own.
            HttpRequest calls = get("/control/calls");
            HttpRequest faults = get("/control/faults");
            assertThatCode(() -> {
                        for (int i = 0; i < REQUESTS; i++) {
                            client.send(i % 2 == 0 ? calls : faults, HttpResponse.BodyHandlers.discarding());
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(5))
                .build();
    }
}
