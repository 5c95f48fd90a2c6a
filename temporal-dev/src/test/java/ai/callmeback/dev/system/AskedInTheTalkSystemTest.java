package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.chaos.ObservedCall;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.SimulatorClient;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** What is asked for in the middle of a talk, in running processes: more time, and another call by the caller's own clock. */
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
@Order(5)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class AskedInTheTalkSystemTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final ZoneId AUCKLAND = ZoneId.of("Pacific/Auckland");
    private static final int BOOKED_SECONDS = 180;
    private static final int EXTENSION_SECONDS = 300;

    private final Stack stack = SharedStack.stack();
    private final SimulatorClient simulators = ObservedCall.simulators(stack);

    @Test
    void aCallIsMadeLongerAndTheNextBookedByTheCallersClock() throws Exception {
        ApiClient api = ApiClient.demoUser(stack.endpoints().api());
        LocalDate today = LocalDate.now(AUCKLAND);
        JsonNode call = talk(api, "+14155550141", "Make this call longer, please.", "Call me again tomorrow at eight.");

        assertThat(call.path("extendedMinutes").asInt()).isEqualTo(EXTENSION_SECONDS / 60);
        assertThat(call.path("settlement").path("creditSeconds").path("held").asInt())
                .isEqualTo(BOOKED_SECONDS + EXTENSION_SECONDS);
        assertThat(said(call)).contains("minutes longer", "A call back is booked for");
        JsonNode next = booked(api, "+14155550141");
        assertThat(next.path("timeZone").asString()).isEqualTo(AUCKLAND.getId());
        assertThat(next.path("localTime").asString()).isIn(today.plusDays(1) + "T08:00", today.plusDays(2) + "T08:00");
        api.http().post("/api/calls/" + next.path("id").asString() + "/cancel", Map.of());
        assertThat(api.audit().path("ok").asBoolean()).isTrue();
    }

    /** Somebody whose first call is free has no credit for more of it. */
    @Test
    void withoutCreditTheRefusalIsSpokenAndTheTalkGoesOn() throws Exception {
        ApiClient api =
                ApiClient.newcomer(stack.endpoints().api(), "asks-for-more-" + UUID.randomUUID() + "@example.com");
        JsonNode call = talk(api, "+14155550142", "Make this call longer, please.", "My code word is marigold.");

        assertThat(call.path("extendedMinutes").asInt()).isZero();
        assertThat(said(call)).contains("not enough credit", "marigold");
    }

    private JsonNode talk(ApiClient api, String number, String first, String second) throws Exception {
        simulators.script(
                number,
                List.of(
                        Map.of("do", "listen", "quietMillis", 1_500, "timeoutMillis", 20_000),
                        Map.of("do", "say", "text", first),
                        Map.of("do", "listen", "quietMillis", 2_500, "timeoutMillis", 20_000),
                        Map.of("do", "say", "text", second),
                        Map.of("do", "listen", "quietMillis", 2_500, "timeoutMillis", 20_000),
                        Map.of("do", "hangUp")));
        String id = api.placeCall(
                        Map.of(
                                "personaId",
                                "brad_001",
                                "phoneNumber",
                                number,
                                "durationMinutes",
                                BOOKED_SECONDS / 60,
                                "timeZone",
                                AUCKLAND.getId()),
                        UUID.randomUUID().toString())
                .path("id")
                .asString();
        return await("call " + id + " is settled")
                .atMost(SOON)
                .until(
                        () -> api.call(id),
                        call -> call.path("status").asString().equals("completed"));
    }

    private static JsonNode booked(ApiClient api, String number) throws Exception {
        return api.calls().stream()
                .filter(call -> call.path("phoneNumber").asString().equals(number))
                .filter(call -> call.path("status").asString().equals("scheduled"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing was booked"));
    }

    private static String said(JsonNode call) {
        return call.path("transcript").toString();
    }
}
