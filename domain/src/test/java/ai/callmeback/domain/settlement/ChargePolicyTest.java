package ai.callmeback.domain.settlement;

import static ai.callmeback.domain.settlement.ChargePolicy.BY_THE_SECOND;
import static ai.callmeback.domain.settlement.ChargePolicy.WHOLE_LENGTH;
import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.Credits;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By the second, or the whole planned length once more than half of it was used; never for a call that is not charged. */
class ChargePolicyTest {

    @ParameterizedTest(name = "{0} s of {1} s: {2} s")
    @CsvSource({
        "16, 300, 16",
        "149, 300, 149",
        "150, 300, 150", // exactly half
        "151, 300, 300", // one second over half
        "300, 300, 300",
        "303, 300, 303", // the farewell; the hold does not reach further
        "151, 600, 151", // the same talk, when five minutes were added
        "301, 600, 600",
        "93, 185, 185", // half of an odd length is not a whole second
        "92, 185, 92"
    })
    void theWholeLengthOnceMoreThanHalfOfItWasUsed(long talked, long planned, long charged) {
        assertThat(WHOLE_LENGTH.settle(table(talked), planned).charged()).isEqualTo(new Credits(charged));
        assertThat(BY_THE_SECOND.settle(table(talked), planned)).isEqualTo(table(talked));
    }

    @Property
    void moreThanTalkedIsOnlyChargedOverHalf(
            @ForAll @IntRange(min = 16, max = 4_000) int talked,
            @ForAll @IntRange(min = 180, max = 1_800) int booked,
            @ForAll @IntRange(max = 1_800) int extended) {
        long planned = (long) booked + extended;
        Settlement whole = WHOLE_LENGTH.settle(table(talked), planned);

        boolean overHalf = 2L * talked > planned;
        assertThat(whole.charged().seconds()).isEqualTo(overHalf ? Math.max(talked, planned) : talked);
        assertThat(whole.reason()).isEqualTo(overHalf ? ChargeReason.WHOLE_LENGTH : ChargeReason.BY_THE_SECOND);
        assertThat(whole.decision()).isEqualTo(ChargeDecision.CHARGED);
        assertThat(BY_THE_SECOND.settle(table(talked), planned)).isEqualTo(table(talked));
    }

    /** The hold may be smaller than the plan, or have grown; what is captured is between the talk and the hold. */
    @Property
    void whatTheHoldAllowsIsCaptured(
            @ForAll @IntRange(min = 16, max = 4_000) int talked,
            @ForAll @IntRange(min = 180, max = 3_600) int planned,
            @ForAll @IntRange(min = 1, max = 3_600) int held) {
        long captured = Math.min(
                held, WHOLE_LENGTH.settle(table(talked), planned).charged().seconds());

        assertThat(captured).isBetween((long) Math.min(held, talked), (long) Math.min(held, Math.max(talked, planned)));
    }

    @Property
    void whatTheTableDoesNotChargeNoPolicyCharges(
            @ForAll boolean answered,
            @ForAll boolean machine,
            @ForAll boolean vendorFault,
            @ForAll @IntRange(max = 3_600) int talked,
            @ForAll @IntRange(max = 2) int words,
            @ForAll @IntRange(max = 10_000) int lostMediaMs,
            @ForAll @IntRange(min = 60, max = 3_600) int planned,
            @ForAll ChargePolicy policy) {
        Settlement byTable =
                ChargeTable.settle(new CallFacts(answered, machine, talked, words, vendorFault, lostMediaMs));
        Settlement settled = policy.settle(byTable, planned);

        assertThat(settled.decision()).isEqualTo(byTable.decision());
        if (byTable.decision() != ChargeDecision.CHARGED) {
            assertThat(settled).isEqualTo(byTable);
        }
    }

    @Test
    void noConversationCostsNothingUnderEitherPolicy() {
        for (ChargePolicy policy : ChargePolicy.values()) {
            assertThat(policy.settle(ChargeTable.noConversation(), 60)).isEqualTo(ChargeTable.noConversation());
            assertThat(ChargePolicy.ofCode(policy.code())).isEqualTo(policy);
        }
    }

    private static Settlement table(long talked) {
        return ChargeTable.settle(new CallFacts(true, false, talked, 50, false, 0));
    }
}
