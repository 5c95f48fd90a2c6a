package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.chaos.ChaosReport;
import ai.callmeback.dev.chaos.VoiceChaos;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** {@code callmeback chaos voice} as its users run it, but small: I4, I5, I8 while voice workers die and are drained. */
@ExtendWith(SharedStack.class)
@Isolated
@Tag("chaos")
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class VoiceChaosSystemTest {
    @AfterEach
    void mend() throws Exception {
        Stack stack = SharedStack.stack();
        for (String worker : stack.voiceWorkers()) {
            assertThat(stack.process(worker).awaitReady(Duration.ofSeconds(120)))
                    .isTrue();
        }
    }

    @Test
    void aDeathAndADrainLoseNoCallNoTurnAndNoCredit() throws Exception {
        ChaosReport report = new VoiceChaos(
                        SharedStack.stack(), new VoiceChaos.Options(4, 2, 1), words -> System.out.println("  " + words))
                .run();
        System.out.println("  " + report.figures());

        assertThat(report.findings()).isEmpty();
        assertThat(report.figures()).containsEntry("calls", 4).containsEntry("kills", 2);
        assertThat(report.onDeath().moved()).isPositive();
        assertThat(report.onDrain().moved()).isPositive();
    }
}
