package ai.callmeback.domain.settlement;

import static ai.callmeback.domain.settlement.ChargeDecision.CHARGED;
import static ai.callmeback.domain.settlement.ChargeDecision.NOT_CHARGED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.domain.Credits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One test per row, on both sides of its boundary; then the order. */
class ChargeTableTest {

    /** A call that every row lets pass, on the very edge of each. */
    private static final CallFacts CHARGEABLE = new CallFacts(true, false, 16, 1, false, 5_000);

    @Test
    void neverAnsweredReadsTwiliosStatus() {
        assertFree(
                new CallFacts(false, false, 16, 1, false, 0), ChargeReason.NEVER_ANSWERED, ChargeClock.TWILIO_STATUS);
        assertFree(CallFacts.neverAnswered(), ChargeReason.NEVER_ANSWERED, ChargeClock.TWILIO_STATUS);
    }

    @Test
    void aMachineIsToldByTwiliosDetection() {
        assertFree(new CallFacts(true, true, 300, 40, false, 0), ChargeReason.MACHINE, ChargeClock.TWILIO_ANSWERED_BY);
        assertThat(List.of("machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax"))
                .allMatch(CallFacts::isMachine);
        assertThat(List.of("human", "unknown", "")).noneMatch(CallFacts::isMachine);
    }

    @Test
    void fifteenSecondsByTwiliosDurationAreFreeSixteenAreNot() {
        assertFree(new CallFacts(true, false, 15, 9, false, 0), ChargeReason.TOO_SHORT, ChargeClock.TWILIO_DURATION);
        assertFree(new CallFacts(true, false, 0, 9, false, 0), ChargeReason.TOO_SHORT, ChargeClock.TWILIO_DURATION);
        assertThat(ChargeTable.settle(new CallFacts(true, false, 16, 9, false, 0))
                        .charged())
                .isEqualTo(new Credits(16));
    }

    @Test
    void noTranscribedWordOfTheUserIsFreeOneIsNot() {
        assertFree(
                new CallFacts(true, false, 300, 0, false, 0),
                ChargeReason.NO_USER_SPEECH,
                ChargeClock.TRANSCRIPT_WORDS);
        assertThat(ChargeTable.settle(new CallFacts(true, false, 300, 1, false, 0))
                        .decision())
                .isEqualTo(CHARGED);
    }

    @Test
    void anUnrecoveredVendorFaultIsFree() {
        assertFree(new CallFacts(true, false, 300, 80, true, 0), ChargeReason.VENDOR_FAULT, ChargeClock.VOICE_FAULTS);
    }

    @Test
    void moreThanFiveSecondsOfLostMediaAreFreeFiveAreNot() {
        assertFree(
                new CallFacts(true, false, 300, 80, false, 5_001), ChargeReason.LOST_MEDIA, ChargeClock.VOICE_JOURNAL);
        assertThat(ChargeTable.settle(new CallFacts(true, false, 300, 80, false, 5_000))
                        .decision())
                .isEqualTo(CHARGED);
    }

    @Test
    void anythingElseIsChargedByTheSecondOfTwiliosDuration() {
        assertThat(ChargeTable.settle(CHARGEABLE))
                .isEqualTo(new Settlement(
                        CHARGED, ChargeReason.BY_THE_SECOND, new Credits(16), ChargeClock.TWILIO_DURATION));
        assertThat(ChargeTable.settle(new CallFacts(true, false, 301, 80, false, 0))
                        .charged())
                .isEqualTo(new Credits(301));
    }

    @Test
    void theRowsStandInTheAgreedOrder() {
        assertThat(ChargeTable.ROWS)
                .extracting(ChargeRow::reason)
                .containsExactly(
                        ChargeReason.NEVER_ANSWERED,
                        ChargeReason.MACHINE,
                        ChargeReason.TOO_SHORT,
                        ChargeReason.NO_USER_SPEECH,
                        ChargeReason.VENDOR_FAULT,
                        ChargeReason.LOST_MEDIA,
                        ChargeReason.BY_THE_SECOND);
        assertThat(ChargeTable.ROWS).extracting(ChargeRow::condition).doesNotHaveDuplicates();
    }

    /** Takes every reason for not charging away, one after the other: the next row must decide. */
    @Test
    void theFirstRowThatAppliesDecides() {
        List<ChargeReason> decidedBy = new ArrayList<>();
        for (int row = 0; row < ChargeTable.ROWS.size(); row++) {
            CallFacts everythingFromThisRowOn = new CallFacts(
                    row > 0, row <= 1, row <= 2 ? 15 : 60, row <= 3 ? 0 : 5, row <= 4, row <= 5 ? 9_000 : 0);
            decidedBy.add(ChargeTable.settle(everythingFromThisRowOn).reason());
        }
        // The last two are no row's: the policy gives one, somebody who has read the transcript the other.
        assertThat(decidedBy).containsExactly(Arrays.copyOf(ChargeReason.values(), ChargeReason.values().length - 2));
    }

    @Test
    void aShortCallOfAFewWordsIsLeftOpenAndNoOther() {
        assertThat(open(new CallFacts(true, false, 45, 6, false, 0))).isTrue();
        assertThat(open(new CallFacts(true, false, 46, 6, false, 0))).isFalse();
        assertThat(open(new CallFacts(true, false, 45, 7, false, 0))).isFalse();
        assertThat(open(new CallFacts(true, true, 45, 6, false, 0)))
                .as("a rule has decided")
                .isFalse();
        assertThat(ChargeTable.noConversation().charged()).isEqualTo(Credits.ZERO);
    }

    private static boolean open(CallFacts facts) {
        return ChargeTable.leavesOpen(facts, ChargeTable.settle(facts));
    }

    @Test
    void negativeFiguresAreRefused() {
        assertThatThrownBy(() -> new CallFacts(true, false, -1, 1, false, 0)).hasMessageContaining("-1 s");
        assertThatThrownBy(() -> new CallFacts(true, false, 1, 1, false, -20)).hasMessageContaining("-20 ms");
    }

    private static void assertFree(CallFacts facts, ChargeReason reason, ChargeClock clock) {
        assertThat(ChargeTable.settle(facts)).isEqualTo(new Settlement(NOT_CHARGED, reason, Credits.ZERO, clock));
    }
}
