package ai.callmeback.domain.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallbackPolicyTest {
    @Test
    void byDefaultThreeAttemptsFiveThenFifteenMinutesApart() {
        CallbackPolicy policy = CallbackPolicy.DEFAULT;
        assertThat(policy.delayAfter(1)).contains(Duration.ofMinutes(5));
        assertThat(policy.delayAfter(2)).contains(Duration.ofMinutes(15));
        assertThat(policy.delayAfter(3)).isEmpty();
        assertThat(policy.giveUpAfter()).isEqualTo(Duration.ofMinutes(60));
    }

    @Test
    void theLastDelayRepeats() {
        var policy = new CallbackPolicy(4, List.of(60), 3_600);
        assertThat(policy.delayAfter(3)).contains(Duration.ofMinutes(1));
    }

    @Test
    void boundsAreNamedWithTheValueThatBrokeThem() {
        assertThatThrownBy(() -> new CallbackPolicy(6, List.of(60), 3_600)).hasMessageContaining("1 to 5, not 6");
        assertThatThrownBy(() -> new CallbackPolicy(2, List.of(29), 3_600)).hasMessageContaining("30 to 3600, not 29");
        assertThatThrownBy(() -> new CallbackPolicy(2, List.of(), 3_600)).hasMessageContaining("1 to 4, not 0");
        assertThatThrownBy(() -> new CallbackPolicy(1, List.of(), 59)).hasMessageContaining("60 to 14400, not 59");
    }
}
