package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.demo.Demo;
import ai.callmeback.dev.demo.DemoReport;
import ai.callmeback.dev.temporal.TemporalSource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
        }
    }
}
