package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.chaos.money.MoneyChaos;
import ai.callmeback.dev.chaos.money.MoneyReport;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code callmeback chaos money} as its users run it, but small, in an environment of its own: I3, I6, I7 while processes die. */
@Tag("chaos")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class MoneyChaosSystemTest {
    @TempDir
    Path directory;

    @Test
    void theBooksEqualTheJournalsWhoeverIsKilled() throws Exception {
        try (Stack stack = SystemStack.start(directory, options -> options)) {
            MoneyReport report = new MoneyChaos(
                            stack, new MoneyChaos.Options(8, 2, 6, 1), words -> System.out.println("  " + words))
                    .run();

            assertThat(report.findings()).isEmpty();
            assertThat(report.figures())
                    .containsEntry("kills", 6)
                    .containsEntry("differenceUsdMicros", 0L)
                    .containsEntry("auditOk", true);
        }
    }
}
