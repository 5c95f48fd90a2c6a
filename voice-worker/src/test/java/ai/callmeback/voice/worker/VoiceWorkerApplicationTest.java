package ai.callmeback.voice.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.voice.VoiceWorkerApplication;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole application on a real database, with no Temporal to be had: it takes calls all the same. */
class VoiceWorkerApplicationTest {
    @RegisterExtension
    static final TestDatabase DATABASE = TestDatabase.fresh();

    @Test
    void aWorkerIsKnownWithItsOwnAddressWhileItLivesAndGoneWhenItHasStopped() {
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
                "--callmeback.voice.drain=1s",
                "--spring.temporal.connection.target=127.0.0.1:1")) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !DATABASE.query("select 1 from voice_workers").isEmpty());
            assertThat(DATABASE.query("select media_url, draining from voice_workers"))
                    .singleElement()
                    .satisfies(worker ->
                            assertThat(worker.get("media_url").toString()).matches("ws://127\\.0\\.0\\.1:\\d+/media"));
            assertThat(app.getBean(WorkerLifecycle.class).health().getStatus().getCode())
                    .isEqualTo("UP");
        }
        assertThat(DATABASE.query("select 1 from voice_workers")).isEmpty();
    }
}
