package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.SimulatorClient;
import ai.callmeback.dev.demo.Demo;
import ai.callmeback.dev.demo.DemoReport;
import ai.callmeback.dev.temporal.TemporalSource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The main job, end to end, in real processes: promise, dial, talk, interruption, settlement, costs, audit. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class DemoSystemTest {
    @TempDir
    Path directory;

    @Test
    void twoCallsGoFromPromiseToSettledCosts() throws Exception {
        try (Stack stack = SystemStack.start(directory, UnaryOperator.identity())) {
            boolean testServer = stack.temporal() instanceof TemporalSource.InJvm;

            DemoReport report = new Demo(
                            stack.endpoints(), testServer, Instant.now(), words -> System.out.println("  " + words))
                    .run();

            assertThat(report.problems()).isEmpty();
            assertThat(report.figures())
                    .containsEntry("status", "completed")
                    .containsEntry("chargeDecision", "charged")
                    .containsEntry("heardEqualsJournal", true);
            assertCostLinesEqualTheJournals(stack);
        }
    }

    /** I7, for every vendor and operation, over both calls: the demo's are the only ones these simulators had. */
    private static void assertCostLinesEqualTheJournals(Stack stack) throws Exception {
        ApiClient api = ApiClient.demoUser(stack.endpoints().api());
        SimulatorClient simulators = new SimulatorClient(stack.endpoints().simulators());
        List<JsonNode> calls = api.calls();
        assertThat(calls).hasSize(2);

        Map<String, Long> ours = Billed.byCostLines(calls);
        Map<String, Long> theirs = Billed.byJournals(simulators, calls.size());

        System.out.println("  cost lines: " + ours + "\n  journals:   " + theirs);
        assertThat(ours).isEqualTo(theirs);
        assertThat(theirs)
                .allSatisfy((what, quantity) -> assertThat(quantity).as(what).isPositive());
    }
}
