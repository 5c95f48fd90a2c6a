package ai.callmeback.domain.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class UsageLegsTest {
    @Property
    void noKindOfUseSharesALegWithAnotherOrWithAStream(
            @ForAll @IntRange(min = 1, max = 999_999) int one, @ForAll @IntRange(min = 1, max = 999_999) int other) {
        assertThat(UsageLegs.greeting(one))
                .isNotEqualTo(UsageLegs.summary(other))
                .isNotEqualTo(UsageLegs.judgement(other))
                .isNotEqualTo(other);
        assertThat(UsageLegs.summary(one))
                .isNotEqualTo(UsageLegs.judgement(other))
                .isNotEqualTo(other);
    }

    @Test
    void whatWouldReachIntoAnotherRangeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> UsageLegs.summary(1_000_000));
        assertThatIllegalArgumentException().isThrownBy(() -> UsageLegs.greeting(0));
    }
}
