package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.SimulatorClient;
import ai.callmeback.dev.demo.Demo;
import ai.callmeback.dev.demo.DemoReport;
import ai.callmeback.dev.temporal.TemporalSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The main job, end to end, in real processes: promise, dial, talk, interruption, settlement, costs, audit. */
@ExtendWith(SharedStack.class)
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class DemoSystemTest {
    @Test
    void twoCallsGoFromPromiseToSettledCosts() throws Exception {
        Stack stack = SharedStack.stack();
        boolean testServer = stack.temporal() instanceof TemporalSource.InJvm;

        ApiClient api = ApiClient.demoUser(stack.endpoints().api());
        // Calls of earlier tests are in the same books and journals; none may still be running up costs.
        await().atMost(Duration.ofSeconds(90)).until(() -> api.calls().stream().allMatch(DemoSystemTest::costsNothing));
        Instant began = Instant.now();
        DemoReport report =
                new Demo(stack.endpoints(), testServer, Instant.now(), words -> System.out.println("  " + words)).run();

        assertThat(report.problems()).isEmpty();
        assertThat(report.figures())
                .containsEntry("status", "completed")
                .containsEntry("chargeDecision", "charged")
                .containsEntry("heardEqualsJournal", true);
        assertCostLinesEqualTheJournals(stack, api, began);
    }

    private static boolean costsNothing(JsonNode call) {
        return call.path("terminal").asBoolean()
                || call.path("status").asString().equals("scheduled");
    }

    /** I7, for every vendor and operation, over both calls of the demo. */
    private static void assertCostLinesEqualTheJournals(Stack stack, ApiClient api, Instant began) throws Exception {
        SimulatorClient simulators =
                new SimulatorClient(Objects.requireNonNull(stack.endpoints().simulators()));
        List<JsonNode> calls = api.calls().stream()
                .filter(call -> Instant.parse(call.path("createdAt").asString()).isAfter(began))
                .toList();
        assertThat(calls).hasSize(2);

        Map<String, Long> ours = Billed.byCostLines(calls);
        Map<String, Long> theirs = Billed.byJournals(simulators, calls.size(), began);

        System.out.println("  cost lines: " + ours + "\n  journals:   " + theirs);
        assertThat(ours).isEqualTo(theirs);
        assertThat(theirs)
                .allSatisfy((what, quantity) -> assertThat(quantity).as(what).isPositive());
    }
}
