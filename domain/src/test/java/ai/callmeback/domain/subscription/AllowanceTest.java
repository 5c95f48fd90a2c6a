package ai.callmeback.domain.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class AllowanceTest {
    private static final Allowance STANDARD = new Allowance(3_600, 10);
    private static final Allowance POWER = new Allowance(9_000, 25);
    private static final long MONTH = 30 * 86_400;

    @Test
    void aBiggerPlanAddsTheDifferenceOfTheRest() {
        assertThat(Allowance.added(STANDARD, POWER, MONTH, MONTH)).isEqualTo(new Allowance(5_400, 15));
        assertThat(Allowance.added(STANDARD, POWER, MONTH / 2, MONTH)).isEqualTo(new Allowance(2_700, 8));
        assertThat(Allowance.added(STANDARD, POWER, 1, MONTH)).isEqualTo(new Allowance(1, 1));
        assertThatThrownBy(() -> Allowance.added(STANDARD, POWER, MONTH + 1, MONTH))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Against exact decimals: seconds never in the person's disfavour by more than one, calls always in their favour. */
    @Property
    void itIsTheExactPartRoundedAsStated(
            @ForAll @LongRange(min = 1, max = 90_000) long from,
            @ForAll @LongRange(min = 0, max = 90_000) long more,
            @ForAll @IntRange(max = 100) int fromCalls,
            @ForAll @IntRange(max = 100) int moreCalls,
            @ForAll @LongRange(min = 1, max = 2_678_400) long whole,
            @ForAll @LongRange(min = 0, max = 2_678_400) long wanted) {
        long left = Math.min(wanted, whole);
        Allowance added = Allowance.added(
                new Allowance(from, fromCalls), new Allowance(from + more, fromCalls + moreCalls), left, whole);

        assertThat(added.seconds()).isEqualTo(Math.max(1, part(more, left, whole, RoundingMode.FLOOR)));
        assertThat(added.calls()).isEqualTo(part(moreCalls, left, whole, RoundingMode.CEILING));
    }

    /** Two steps up at one moment never bring more talk than one. */
    @Property
    void stepsDoNotAddUpToMore(
            @ForAll @LongRange(min = 1, max = 30_000) long small,
            @ForAll @LongRange(min = 100, max = 30_000) long middle,
            @ForAll @LongRange(min = 100, max = 30_000) long big,
            @ForAll @LongRange(min = 86_400, max = 2_678_400) long left) {
        long whole = 2_678_400;
        Allowance a = new Allowance(small, 1);
        Allowance b = new Allowance(small + middle, 2);
        Allowance c = new Allowance(small + middle + big, 3);

        long inSteps = Allowance.added(a, b, left, whole).seconds()
                + Allowance.added(b, c, left, whole).seconds();

        assertThat(inSteps)
                .isBetween(
                        Allowance.added(a, c, left, whole).seconds() - 1,
                        Allowance.added(a, c, left, whole).seconds());
    }

    private static long part(long of, long left, long whole, RoundingMode rounding) {
        return BigDecimal.valueOf(of)
                .multiply(BigDecimal.valueOf(left))
                .divide(BigDecimal.valueOf(whole), 0, rounding)
                .longValueExact();
    }
}
