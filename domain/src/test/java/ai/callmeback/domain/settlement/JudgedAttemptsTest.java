package ai.callmeback.domain.settlement;

import static ai.callmeback.domain.settlement.ChargeDecision.CHARGED;
import static ai.callmeback.domain.settlement.ChargeDecision.NOT_CHARGED;
import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.Credits;
import java.util.List;
import org.junit.jupiter.api.Test;

/** "Rung again once at no charge": every way a call that was cut off can end. */
class JudgedAttemptsTest {
    private static final AnsweredAttempt CUT_OFF = new AnsweredAttempt(1, false, 40, true);

    @Test
    void theConversationAfterACutOffIsChargedForItselfAlone() {
        JudgedAttempts judged = JudgedAttempts.of(List.of(CUT_OFF, new AnsweredAttempt(2, false, 61, false)));

        assertThat(judged.numbers()).containsExactly(2);
        assertThat(ChargeTable.settle(judged.facts(9, false, 0, 300)))
                .isEqualTo(new Settlement(
                        CHARGED, ChargeReason.BY_THE_SECOND, new Credits(61), ChargeClock.TWILIO_DURATION));
    }

    @Test
    void aShortConversationAfterACutOffIsFreeThoughBothTogetherWereLong() {
        JudgedAttempts judged = JudgedAttempts.of(List.of(CUT_OFF, new AnsweredAttempt(2, false, 15, false)));
        assertThat(ChargeTable.settle(judged.facts(9, false, 0, 300)).reason()).isEqualTo(ChargeReason.TOO_SHORT);
    }

    @Test
    void aMachineAfterACutOffIsFree() {
        JudgedAttempts judged = JudgedAttempts.of(List.of(CUT_OFF, new AnsweredAttempt(2, true, 90, false)));
        assertThat(ChargeTable.settle(judged.facts(9, false, 0, 300)).reason()).isEqualTo(ChargeReason.MACHINE);
    }

    @Test
    void aCutOffThatWasNotRegainedIsFreeAsLostMedia() {
        JudgedAttempts judged = JudgedAttempts.of(List.of(CUT_OFF));
        assertThat(judged.facts(9, false, 200, 300).lostMediaMs()).isEqualTo(260_200);
        assertThat(ChargeTable.settle(judged.facts(9, false, 0, 300)))
                .isEqualTo(
                        new Settlement(NOT_CHARGED, ChargeReason.LOST_MEDIA, Credits.ZERO, ChargeClock.VOICE_JOURNAL));
    }

    @Test
    void aCutOffInTheLastSecondIsFreeToo() {
        JudgedAttempts judged = JudgedAttempts.of(List.of(new AnsweredAttempt(1, false, 300, true)));
        assertThat(ChargeTable.settle(judged.facts(9, false, 0, 300)).decision())
                .isEqualTo(NOT_CHARGED);
    }

    @Test
    void cutOffTwiceTheLastOneIsJudgedAndFree() {
        JudgedAttempts judged = JudgedAttempts.of(List.of(CUT_OFF, new AnsweredAttempt(2, false, 33, true)));
        assertThat(judged.numbers()).containsExactly(2);
        assertThat(ChargeTable.settle(judged.facts(9, false, 0, 300)).reason()).isEqualTo(ChargeReason.LOST_MEDIA);
    }

    @Test
    void anUnansweredCallIsNeverAnswered() {
        assertThat(JudgedAttempts.of(List.of()).facts(0, false, 0, 300)).isEqualTo(CallFacts.neverAnswered());
    }
}
