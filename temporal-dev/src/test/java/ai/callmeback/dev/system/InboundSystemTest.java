package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.SimulatorClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** People ring the personas, in real processes: what the phone heard, what was held, settled and booked. */
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
@Order(4)
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class InboundSystemTest {
    private static final String SARAH = "+15005550007";
    private static final String BRAD = "+15005550006";
    private static final String STRANGER = "+14155550189";
    private static final Map<String, Object> LISTEN =
            Map.of("do", "listen", "quietMillis", 700, "timeoutMillis", 20_000);
    private static final List<Map<String, Object>> TALK = List.of(
            LISTEN,
            say("My code word is marigold."),
            LISTEN,
            say("What is my code word?"),
            LISTEN,
            Map.of("do", "wait", "millis", 3_000),
            Map.of("do", "hangUp"));
    private static final List<Map<String, Object>> HANDED_OVER = List.of(
            Map.of("do", "listen", "quietMillis", 1_500, "timeoutMillis", 20_000),
            say("My code word is marigold."),
            LISTEN,
            say("Can I speak to Brad?"),
            // Between the two of them is a moment of quiet.
            Map.of("do", "listen", "quietMillis", 2_000, "timeoutMillis", 20_000),
            say("Please keep in mind that I row at dawn."),
            Map.of("do", "listen", "quietMillis", 1_500, "timeoutMillis", 20_000),
            say("What is my code word?"),
            LISTEN,
            Map.of("do", "wait", "millis", 3_000),
            Map.of("do", "hangUp"));

    private static final Duration SOON = Duration.ofSeconds(90);

    private ApiClient api;
    private SimulatorClient simulators;

    @BeforeEach
    void connect() throws Exception {
        Stack stack = SharedStack.stack();
        api = ApiClient.demoUser(stack.endpoints().api());
        simulators = WatchedCall.simulators(stack);
    }

    @Test
    void aUserRingsSarahIsHandedToBradRememberedAndChargedByTheSecond() throws Exception {
        JsonNode me = api.http().get("/api/me");
        String phone = me.path("phoneNumber").asString();
        String sid = ring(phone, SARAH, HANDED_OVER);

        JsonNode heard = awaitOver(sid);
        assertThat(WatchedCall.heard(heard))
                .contains("sarah", me.path("displayName").asString().toLowerCase(Locale.ROOT), "marigold")
                .contains("here is brad", "hello, this is brad");
        JsonNode memories = api.http().get("/api/memories").path("memories");
        assertThat(memories.toString()).contains("I row at dawn");
        api.http().delete("/api/memories");

        JsonNode call = await("the call is booked")
                .atMost(SOON)
                .until(
                        () -> api.calls().stream()
                                .filter(c -> c.path("direction").asString().equals("inbound"))
                                .filter(c -> c.path("status").asString().equals("completed"))
                                .findFirst()
                                .orElse(null),
                        found -> found != null);
        assertThat(call.path("personaId").asString()).isEqualTo("sarah_001");
        assertThat(call.path("attempt").asInt()).isEqualTo(1);
        assertThat(call.path("transcript")
                        .valueStream()
                        .map(turn -> turn.path("record").path("persona").asString("")))
                .contains("sarah_001", "brad_001");
        JsonNode settlement = call.path("settlement");
        assertThat(settlement.path("chargeReason").asString()).isEqualTo("by_the_second");
        assertThat(settlement.path("chargedSeconds").asInt())
                .isEqualTo(settlement.path("billedSeconds").asInt())
                .isGreaterThan(15);
        assertThat(call.path("costs").valueStream()).anySatisfy(line -> {
            assertThat(line.path("vendor").asString()).isEqualTo("twilio");
            assertThat(line.path("model").asString()).isEqualTo("inbound");
            assertThat(line.path("unitPriceUsd").asDouble()).isEqualTo(0.0085);
        });
        CallTrace.assertWhole(SharedStack.collector(), call);
        assertThat(twilio("call.limited", sid))
                .as("nobody dialled with a limit")
                .hasSize(1);
        assertThat(twilio("call.created", sid)).isEmpty();
        assertThat(api.audit().path("ok").asBoolean()).isTrue();
    }

    @Test
    void aStrangerTalksForNothingOnceAndThenHearsWhyNot() throws Exception {
        JsonNode first = awaitOver(ring(STRANGER, BRAD, TALK));
        assertThat(WatchedCall.heard(first)).contains("brad", "three minutes", "marigold");
        await("the free call is used up").atMost(SOON).untilAsserted(() -> {
            String again = ring(STRANGER, BRAD, TALK);
            assertThat(WatchedCall.heard(awaitOver(again))).contains("you have had your free call");
        });
        JsonNode seen = api.http().get("/api/operator/inbound-calls");
        assertThat(seen.toString()).contains("free_call_used").doesNotContain(STRANGER.substring(1));
        assertThat(api.audit().path("ok").asBoolean()).isTrue();
    }

    private static Map<String, Object> say(String words) {
        return Map.of("do", "say", "text", words);
    }

    private String ring(String from, String to, List<Map<String, Object>> script)
            throws IOException, InterruptedException {
        simulators.script(from, script);
        return simulators
                .http()
                .post("/control/twilio/calls", Map.of("from", from, "to", to))
                .path("callSid")
                .asString();
    }

    private JsonNode awaitOver(String sid) {
        return await("call " + sid + " is over")
                .atMost(SOON)
                .until(
                        () -> simulators.http().get("/control/calls/" + sid),
                        call -> call.path("state").asString().equals("completed"));
    }

    private List<JsonNode> twilio(String kind, String sid) throws IOException, InterruptedException {
        return simulators
                .http()
                .get("/control/journal?vendor=twilio&kind=" + kind + "&call=" + sid)
                .path("entries")
                .valueStream()
                .toList();
    }
}
