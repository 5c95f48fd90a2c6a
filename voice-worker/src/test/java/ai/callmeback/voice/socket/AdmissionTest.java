package ai.callmeback.voice.socket;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.voice.call.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final VirtualTime time = new VirtualTime();
    private final Admission admission = new Admission(time.loop());
    private final List<Integer> begun = new ArrayList<>();
    private final List<Long> begunAt = new ArrayList<>();
    private final List<Integer> refused = new ArrayList<>();

    @Test
    void aCallThatComesAloneWaitsForNothing() {
        ask(1);
        assertThat(begun).containsExactly(1);
        time.pass(Admission.EVERY_MILLIS);
        ask(2);
        assertThat(begun).containsExactly(1, 2);
    }

    @Test
    void callsThatComeTogetherBeginOneByOneInOrder() {
        IntStream.range(0, 50).forEach(this::ask);
        assertThat(begun).hasSize(1);
        time.pass(49 * Admission.EVERY_MILLIS);
        assertThat(begun)
                .containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
        assertThat(begunAt)
                .containsExactlyElementsOf(IntStream.range(0, 50)
                        .mapToObj(i -> i * Admission.EVERY_MILLIS)
                        .toList());
        assertThat(refused).isEmpty();
    }

    /** The guard against a loop that is busy with the calls it holds: without it each look would begin one. */
    @Test
    void noneBeginsWhileTheLoopIsLate() {
        IntStream.range(0, 10).forEach(this::ask);
        for (int i = 0; i < 20; i++) {
            time.stall(Admission.EVERY_MILLIS + Admission.LATE_MILLIS + 1);
        }
        assertThat(begun).containsExactly(0);
        time.pass(9 * Admission.EVERY_MILLIS);
        assertThat(begun).hasSize(10);
    }

    @Test
    void whoHasWaitedTooLongIsRefusedAndTheOthersGoOnWaiting() {
        ask(0);
        ask(1);
        stallFor(Admission.WAIT_MILLIS / 2);
        ask(2);
        stallFor(Admission.WAIT_MILLIS / 2 + 100);
        assertThat(refused).containsExactly(1);
        time.pass(Admission.EVERY_MILLIS);
        assertThat(begun).containsExactly(0, 2);
    }

    @Test
    void theQueueIsBounded() {
        IntStream.range(0, Admission.WAITING_MOST + 3).forEach(this::ask);
        assertThat(refused).containsExactly(Admission.WAITING_MOST + 1, Admission.WAITING_MOST + 2);
        time.pass(Admission.WAITING_MOST * Admission.EVERY_MILLIS);
        assertThat(begun).hasSize(Admission.WAITING_MOST + 1);
        assertThat(refused).hasSize(2);
    }

    private void stallFor(long millis) {
        long until = time.millis() + millis;
        while (time.millis() < until) {
            time.stall(Admission.EVERY_MILLIS + Admission.LATE_MILLIS + 1);
        }
    }

    private void ask(int number) {
        admission.ask(
                () -> {
                    begun.add(number);
                    begunAt.add(time.millis());
                },
                () -> refused.add(number));
    }
}
