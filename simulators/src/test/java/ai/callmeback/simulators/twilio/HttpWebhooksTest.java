package ai.callmeback.simulators.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.simulators.core.SimTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** How often a callback is tried. */
class HttpWebhooksTest {
    private final AtomicInteger asked = new AtomicInteger();
    private final DisposableServer server = HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .handle((request, response) -> {
                asked.incrementAndGet();
                return response.status(503).sendString(Mono.just("no"));
            })
            .bindNow();
    private final HttpWebhooks webhooks = new HttpWebhooks(new ImmediateTime(), () -> "token");

    @AfterEach
    void close() {
        webhooks.close();
        server.disposeNow();
    }

    private Webhooks.Result send(String url) throws Exception {
        CompletableFuture<Webhooks.Result> result = new CompletableFuture<>();
        webhooks.send(new Webhooks.Request(url, "POST", Map.of("a", "b"), null), result::complete);
        return result.get(20, TimeUnit.SECONDS);
    }

    private String url(String fragment) {
        return "http://127.0.0.1:" + server.port() + "/status" + fragment;
    }

    @Test
    void serverErrorsAreNotTriedAgain() throws Exception {
        assertThat(send(url("")).status()).isEqualTo(503);
        assertThat(asked).hasValue(1);
    }

    @Test
    void theFragmentOfTheUrlCanAskForMore() throws Exception {
        assertThat(send(url("#rc=3&rp=5xx")).attempts()).isEqualTo(4);
        assertThat(asked).hasValue(4);
    }

    @Test
    void aConnectionThatFailsIsTriedOnceMore() throws Exception {
        Webhooks.Result result = send("http://127.0.0.1:1/status");
        assertThat(result.attempts()).isEqualTo(2);
        assertThat(result.failure()).isNotNull();
    }

    @Test
    void rulesAreReadFromTheFragment() {
        DeliveryRule rule = DeliveryRule.of("https://x.test/a#rc=9&rp=all&ct=2000&rt=5000&tt=12000");
        assertThat(rule.retries()).isEqualTo(5);
        assertThat(rule.connect()).isEqualTo(Duration.ofSeconds(2));
        assertThat(rule.total()).isEqualTo(Duration.ofSeconds(12));
        assertThat(DeliveryRule.of("https://x.test/a")).isEqualTo(DeliveryRule.DEFAULT);
    }

    /** Runs at once, and on the asking thread, what is to be run on the simulators' thread. */
    private static final class ImmediateTime implements SimTime {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public Timer at(long deadlineNanos, Runnable task) {
            throw new UnsupportedOperationException("no timers here");
        }

        @Override
        public boolean onThread() {
            return true;
        }
    }
}
