package ai.callmeback.voice.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.voice.VoiceWorkerApplication;
import ai.callmeback.voice.call.TestCall;
import ai.callmeback.voice.call.TurnMeter;
import ai.callmeback.voice.socket.LiveCalls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/** The whole application on a real database, with no Temporal to be had: it takes calls all the same. */
class VoiceWorkerApplicationTest {
    @RegisterExtension
    static final TestDatabase DATABASE = TestDatabase.fresh();

    /** What was sent to the collector, by path. */
    private final Map<String, List<String>> sent = new ConcurrentHashMap<>();

    @Test
    void aWorkerIsKnownWithItsOwnAddressWhileItLivesAndGoneWhenItHasStopped() {
        DisposableServer collector = collector();
        try (ConfigurableApplicationContext app = SpringApplication.run(
                VoiceWorkerApplication.class,
                "--server.port=0",
                "--callmeback.database.url=" + DATABASE.url(),
                "--callmeback.payload-keys=k:" + Base64.getEncoder().encodeToString(new byte[32]),
                "--callmeback.vendors.twilio.account-sid=AC" + "0".repeat(32),
                "--callmeback.vendors.twilio.auth-token=x",
                "--callmeback.vendors.twilio.phone-number=+14155550199",
                "--callmeback.vendors.deepgram.api-key=x",
                "--callmeback.vendors.llm.api-key=x",
                "--callmeback.vendors.elevenlabs.api-key=x",
                "--callmeback.vendors.resend.api-key=x",
                "--callmeback.voice.drain=2s",
                "--spring.lifecycle.timeout-per-shutdown-phase=100ms",
                "--callmeback.traces.endpoint=http://127.0.0.1:" + collector.port(),
                "--spring.temporal.connection.target=127.0.0.1:1")) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !DATABASE.query("select 1 from voice_workers").isEmpty());
            assertThat(DATABASE.query("select media_url, draining from voice_workers"))
                    .singleElement()
                    .satisfies(worker ->
                            assertThat(worker.get("media_url").toString()).matches("ws://127\\.0\\.0\\.1:\\d+/media"));
            assertThat(app.getBean(WorkerLifecycle.class).health().getStatus().getCode())
                    .isEqualTo("UP");
            app.getBean(TurnMeter.class).answered(Duration.ofMillis(7).toNanos());
            assertThat(scraped(app))
                    .contains("voice_turn_latency_seconds_count 1")
                    .contains("voice_turn_interrupted_total")
                    .contains("voice_handover_gap_seconds_count{how=\"lost\"")
                    .contains("voice_recording_dropped_total")
                    .contains("voice_calls");
            assertThat(secondsToStopWithACall(app))
                    .as("a call that nobody takes has the whole drain, however long a phase of a stop may be")
                    .isBetween(2L, 5L);
        } finally {
            collector.disposeNow();
        }
        // The last are sent as the worker stops.
        assertThat(sent).containsKey("/v1/metrics");
        assertThat(String.join("", sent.get("/v1/metrics")))
                .contains("voice.turn.latency")
                .contains("callmeback-voice-worker")
                .contains("service.instance.id");
        assertThat(DATABASE.query("select 1 from voice_workers")).isEmpty();
    }

    private static long secondsToStopWithACall(ConfigurableApplicationContext app) {
        TestCall call = new TestCall();
        app.getBean(LiveCalls.class).add(new LiveCalls.Live(call.session, call.time.loop()));
        long began = System.nanoTime();
        app.close();
        return Duration.ofNanos(System.nanoTime() - began).toSeconds();
    }

    private DisposableServer collector() {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asByteArray()
                        .doOnNext(
                                body -> sent.computeIfAbsent("/" + request.path(), path -> new CopyOnWriteArrayList<>())
                                        .add(new String(body, StandardCharsets.ISO_8859_1)))
                        .then(response.send().then()))
                .bindNow();
    }

    private static String scraped(ConfigurableApplicationContext app) {
        String port = app.getEnvironment().getProperty("local.server.port");
        return HttpClient.create()
                .get()
                .uri("http://127.0.0.1:" + port + "/actuator/prometheus")
                .responseContent()
                .aggregate()
                .asString()
                .block(Duration.ofSeconds(10));
    }
}
