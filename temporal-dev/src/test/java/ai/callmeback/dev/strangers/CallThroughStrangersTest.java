package ai.callmeback.dev.strangers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.StackOptions;
import ai.callmeback.dev.apps.App;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.env.Checkout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A whole call, from the request to its costs, through the started applications and vendors that strangers built, by
 * settings alone. None of our simulators runs.
 */
class CallThroughStrangersTest {

    private static final String ACCOUNT = "AC" + "7".repeat(32);
    private static final String NUMBER = "+14155550177";
    private static final List<String> LINES =
            List.of("hello who is this", "I am going for a run today", "thank you and goodbye for now");
    private static final Set<String> OVER =
            Set.of("completed", "canceled", "refused", "missed", "unanswered", "failed");

    @TempDir
    private Path state;

    @Test
    @Timeout(300)
    void carriesACallFromTheRequestToItsCosts() throws Exception {
        Checkout checkout = builtCheckout();
        try (StrangersTwilio telephony = new StrangersTwilio(ACCOUNT, "strange-token", LINES.size());
                StrangersDeepgram ears = new StrangersDeepgram("dg-strange", LINES);
                StrangersModel mind = new StrangersModel("llm-strange");
                StrangersElevenLabs voice = new StrangersElevenLabs("xi-strange");
                StrangersMail mail = new StrangersMail()) {
            StackOptions options = StackOptions.isolated(checkout, state)
                    .with("TWILIO_ACCOUNT_SID", ACCOUNT)
                    .with("TWILIO_AUTH_TOKEN", "strange-token")
                    .with("TWILIO_PHONE_NUMBER", "+12025550143")
                    .with("TWILIO_API_BASE", "http://127.0.0.1:" + telephony.port())
                    .with("DEEPGRAM_API_KEY", "dg-strange")
                    .with("DEEPGRAM_URL", "ws://127.0.0.1:" + ears.port())
                    .with("LLM_API_KEY", "llm-strange")
                    .with("LLM_BASE_URL", "http://127.0.0.1:" + mind.port())
                    .with("LLM_MODEL", "any")
                    .with("ELEVENLABS_API_KEY", "xi-strange")
                    .with("ELEVENLABS_URL", "ws://127.0.0.1:" + voice.port())
                    .with("STRIPE_SECRET_KEY", "sk_test_strange")
                    .with("STRIPE_WEBHOOK_SECRET", "whsec_strange")
                    .with("STRIPE_API_BASE", "http://127.0.0.1:9")
                    .with("RESEND_API_KEY", "re-strange")
                    .with("RESEND_FROM_EMAIL", "calls@example.test")
                    .with("RESEND_URL", "http://127.0.0.1:" + mail.port());
            try (Stack stack = Stack.start(options, line -> System.out.println(line))) {
                assertThat(stack.simulated()).as("simulators in use").isEmpty();
                ApiClient api = ApiClient.demoUser(stack.endpoints().api());
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
            }
        }
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
