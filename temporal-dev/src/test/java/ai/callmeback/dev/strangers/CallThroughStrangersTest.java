package ai.callmeback.dev.strangers;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.apps.App;
import ai.callmeback.dev.cli.Copy;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.env.Checkout;
import ai.callmeback.dev.process.Ports;
import ai.callmeback.dev.system.SharedStack;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/**
 * A whole call, from the request to its costs, through the started applications and vendors that strangers built, by
 * settings alone. None of our simulators runs. The applications are started by {@code up} in a copy of the project, beside
 * the environment of the other tests, and looked at and ended by the other commands.
 */
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
@Order(1)
class CallThroughStrangersTest {

    private static final String ACCOUNT = "AC" + "7".repeat(32);
    private static final String NUMBER = "+14155550177";
    private static final List<String> LINES =
            List.of("hello who is this", "I am going for a run today", "thank you and goodbye for now");
    private static final Set<String> OVER =
            Set.of("completed", "canceled", "refused", "missed", "unanswered", "failed");

    @TempDir
    private Path directory;

    @Test
    @Timeout(300)
    void carriesACallFromTheRequestToItsCosts() throws Exception {
        try (StrangersTwilio telephony = new StrangersTwilio(ACCOUNT, "strange-token", LINES.size());
                StrangersDeepgram ears = new StrangersDeepgram("dg-strange", LINES);
                StrangersModel mind = new StrangersModel("llm-strange");
                StrangersElevenLabs voice = new StrangersElevenLabs("xi-strange");
                StrangersMail mail = new StrangersMail()) {
            Map<String, String> settings = Map.ofEntries(
                    entry("TWILIO_ACCOUNT_SID", ACCOUNT),
                    entry("TWILIO_AUTH_TOKEN", "strange-token"),
                    entry("TWILIO_PHONE_NUMBER", "+12025550143"),
                    entry("TWILIO_API_BASE", "http://127.0.0.1:" + telephony.port()),
                    entry("DEEPGRAM_API_KEY", "dg-strange"),
                    entry("DEEPGRAM_URL", "ws://127.0.0.1:" + ears.port()),
                    entry("LLM_API_KEY", "llm-strange"),
                    entry("LLM_BASE_URL", "http://127.0.0.1:" + mind.port()),
                    entry("LLM_MODEL", "any"),
                    entry("ELEVENLABS_API_KEY", "xi-strange"),
                    entry("ELEVENLABS_URL", "ws://127.0.0.1:" + voice.port()),
                    entry("STRIPE_SECRET_KEY", "sk_test_strange"),
                    entry("STRIPE_WEBHOOK_SECRET", "whsec_strange"),
                    entry("STRIPE_API_BASE", "http://127.0.0.1:9"),
                    entry("RESEND_API_KEY", "re-strange"),
                    entry("RESEND_FROM_EMAIL", "calls@example.test"),
                    entry("RESEND_URL", "http://127.0.0.1:" + mail.port()));
            Copy copy = Copy.built(directory, settings, builtCheckout());
            Path said = directory.resolve("up.txt");
            Process up = copy.start(said.toFile(), "up", "--no-start-cache");
            try {
                JsonNode status = awaitUp(copy, up, said);
                assertThat(status.path("simulated")).as("simulators in use").isEmpty();
                assertRunsBeside(SharedStack.stack(), status);
                ApiClient api = ApiClient.demoUser(URI.create(status.path("api").asString()));
                String callId = api.placeCall(
                                Map.of("personaId", "brad_001", "phoneNumber", NUMBER, "durationMinutes", 3),
                                "strangers-1")
                        .path("id")
                        .asString();
                await().atMost(Duration.ofSeconds(150))
                        .pollInterval(Duration.ofMillis(500))
                        .until(() ->
                                OVER.contains(api.call(callId).path("status").asString()));
                verify(api.call(callId), telephony, ears, voice);
                assertThat(api.audit().path("ok").asBoolean()).isTrue();
                assertLogsAndSecondUp(copy);
                assertStops(copy, up, said, status);
            } finally {
                up.destroy();
                if (!up.waitFor(60, TimeUnit.SECONDS)) {
                    up.destroyForcibly();
                }
            }
        }
    }

    /** Until {@code status} says that everything answers; what {@code up} said instead if it ended before. */
    private static JsonNode awaitUp(Copy copy, Process up, Path said) throws Exception {
        await().atMost(Duration.ofSeconds(150))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> !up.isAlive() || Files.readString(said).contains("Ctrl-C ends all of it."));
        assertThat(up.isAlive()).as(Files.readString(said)).isTrue();
        Copy.Said status = copy.run("status", "--json");
        assertThat(status.exit()).as(status.words()).isZero();
        assertThat(status.json().path("running").asBoolean()).isTrue();
        assertThat(status.json()
                        .path("processes")
                        .valueStream()
                        .map(process -> process.path("name").asString()))
                .contains("api", "call-worker", "voice-worker-1", "postgres")
                .doesNotContain("simulators");
        return status.json();
    }

    /** Two copies side by side: each has ports of its own, and both answer. */
    private static void assertRunsBeside(Stack other, JsonNode status) {
        List<Integer> theirs = other.processes().stream()
                .map(process -> other.portOf(process.name()))
                .toList();
        assertThat(status.path("processes")
                        .valueStream()
                        .map(process -> process.path("port").asInt()))
                .doesNotContainAnyElementsOf(theirs);
        assertThat(theirs).allMatch(Ports::answers);
    }

    private static void assertLogsAndSecondUp(Copy copy) throws Exception {
        assertThat(copy.run("logs", "api", "-n", "5").words())
                .contains("api.log")
                .hasLineCount(6);
        assertThat(copy.run("logs").words()).contains("voice-worker-1.log", "call-worker.log", "postgres.log");
        Copy.Said again = copy.run("up");
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.words()).contains("already up");
    }

    /** Everything that was started is gone when {@code stop} returns, and a repeat finds nothing. */
    private static void assertStops(Copy copy, Process up, Path said, JsonNode status) throws Exception {
        assertThat(copy.run("stop").exit()).isZero();
        assertThat(up.isAlive()).isFalse();
        assertThat(Files.readString(said)).contains("all ended");
        assertThat(status.path("processes")
                        .valueStream()
                        .map(process -> process.path("pid").asLong()))
                .noneMatch(pid ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
        assertThat(copy.run("status").exit()).isEqualTo(3);
        assertThat(copy.run("stop").words()).contains("nothing runs");
    }

    private static void verify(
            JsonNode call, StrangersTwilio telephony, StrangersDeepgram ears, StrangersElevenLabs voice) {
        assertThat(call.path("status").asString()).as(call.toPrettyString()).isEqualTo("completed");
        assertThat(telephony.calls()).hasSize(1);
        assertThat(telephony.problems).isEmpty();
        assertThat(telephony.calls().getFirst().phone().playedMillis()).isGreaterThan(4000);
        assertThat(ears.audioMillis()).isPositive();
        assertThat(voice.characters()).isPositive();
        List<String> heard = new ArrayList<>();
        List<String> said = new ArrayList<>();
        for (JsonNode turn : call.path("transcript")) {
            (turn.path("speaker").asString().equals("user") ? heard : said)
                    .add(turn.path("text").asString());
        }
        assertThat(heard).containsExactlyElementsOf(LINES);
        assertThat(said).hasSizeGreaterThan(LINES.size() - 1);
        assertThat(call.path("settlement").path("chargeDecision").asString()).isEqualToIgnoringCase("charged");
        assertThat(call.path("costs")).isNotEmpty();
    }

    private static Checkout builtCheckout() {
        Checkout checkout = Checkout.find();
        try {
            for (App app : List.of(App.API, App.CALL_WORKER, App.VOICE_WORKER)) {
                checkout.appJar(app.module());
            }
            return checkout;
        } catch (IllegalStateException notBuilt) {
            return abort("the applications are not built: " + notBuilt.getMessage());
        }
    }
}
