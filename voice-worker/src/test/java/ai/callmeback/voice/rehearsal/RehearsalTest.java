package ai.callmeback.voice.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    @Test
    void everyPhoneHearsAllItsTurnsAndNothingIsLeftRunning() {
        Rehearsal.Played played = new Rehearsal(Duration.ofSeconds(60)).play();
        assertThat(played.complete()).isTrue();
        assertThat(played.turns()).isGreaterThanOrEqualTo(Rehearsal.TURNS * (1 + Rehearsal.TOGETHER));
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("journal"));
    }

    @Test
    void itEndsWhenItsTimeIsOver() {
        Rehearsal.Played played = new Rehearsal(Duration.ofMillis(50)).play();
        assertThat(played.complete()).isFalse();
        assertThat(played.took()).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void itCanBeLeftOut() {
        assertThat(new Rehearsal(Duration.ZERO).play()).isEqualTo(new Rehearsal.Played(0, Duration.ZERO, false));
    }
}
