package ai.callmeback.dev.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.chaos.CallRecord.Settlement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The judge finds nothing in a call that went well, and each thing that can go wrong in one that did not. */
class ChaosReportTest {
    private static final String STORY = "Every evening she climbed the steps with a can of oil.";

    @Test
    void aCallThatWentWellIsRight() {
        ChaosReport report = MadeUpCall.usual().persona(STORY).judged();

        assertThat(report.findings()).isEmpty();
        assertThat(report.ok()).isTrue();
        assertThat(report.turns().wordErrors()).isZero();
        assertThat(report.usualAnswerMillis()).isEqualTo(1_000);
    }

    @Test
    void aDeathInMidSentenceThatIsMadeUpForIsRight() {
        ChaosReport report = afterDeath()
                .persona("Sorry, where was I? the steps with a can of oil.")
                .judged();

        assertThat(report.findings()).isEmpty();
        assertThat(report.onDeath()).isEqualTo(new ChaosReport.Gaps(1, 1, 800, 800, 800));
    }

    /** Guard: {@link WordMatch#earliestFor}. Laid beside ours, the second "Every" seems to be the one too many. */
    @Test
    void aWordHeardAtADeathAndAgainFromTheNextWorkerIsUnknownAndNoError() {
        ChaosReport report = MadeUpCall.usual()
                .phoneHears("Every")
                .moves(FaultKind.DEATH, 500)
                .wait(500)
                .persona(STORY)
                .judged();

        assertThat(report.turns().wordErrors()).isZero();
        assertThat(report.turns().unknownAtDeath()).isEqualTo(1);
    }

    /** Without a death about, it is one. */
    @Test
    void aWordHeardTwiceIsAnError() {
        ChaosReport report = MadeUpCall.usual()
                .written(STORY, false)
                .phoneHears("Every " + STORY)
                .judged();

        assertThat(report.turns().wordErrors()).isEqualTo(1);
    }

    // ---- calls -----------------------------------------------------------------------------------------------------

    @Test
    void aCallIsLostIfItEndsBeforeTheCallerWouldHaveEndedIt() {
        assertThat(MadeUpCall.usual().ended("completed", 1, false).judged().callsLost())
                .hasSize(1);
        assertThat(MadeUpCall.usual().ended("failed", 1, true).judged().callsLost())
                .hasSize(1);
    }

    @Test
    void aCallIsLostIfItsPhoneRangTwiceOrNever() {
        assertThat(MadeUpCall.usual().ended("completed", 2, true).judged().callsLost())
                .hasSize(1);
        assertThat(MadeUpCall.usual().ended("completed", 0, true).judged().ok()).isFalse();
    }

    // ---- turns -----------------------------------------------------------------------------------------------------

    @Test
    void aTurnOfThePersonaThatThePhoneNeverHeardIsLost() {
        ChaosReport report = MadeUpCall.usual()
                .persona(STORY)
                .written("They built her a new staircase that spring.", false)
                .judged();

        assertThat(report.turns().lost()).hasSize(1).first().asString().contains("never heard");
        assertThat(report.ok()).isFalse();
    }

    @Test
    void aTurnOfThePersonaThatOurDatabaseDoesNotHaveIsLost() {
        ChaosReport report = MadeUpCall.usual()
                .persona(STORY)
                .phoneHears("They built her a new staircase that spring.")
                .judged();

        assertThat(report.turns().lost()).hasSize(1).first().asString().contains("our transcript has not");
    }

    @Test
    void aTurnOfTheCallerThatOurDatabaseDoesNotHaveIsLost() {
        ChaosReport report = MadeUpCall.usual()
                .persona(STORY)
                .callerSays("We had soup and bread for dinner.")
                .wait(1_000)
                .persona("What is on your mind?")
                .judged();

        assertThat(report.turns().lost()).hasSize(1).first().asString().contains("soup");
    }

    @Test
    void aTurnOfTheCallerThatIsNotAnsweredIsLost() {
        ChaosReport report = MadeUpCall.usual()
                .persona(STORY)
                .caller("We had soup and bread for dinner.")
                .wait(5_100)
                .judged();

        assertThat(report.turns().lost()).hasSize(1).first().asString().contains("not answered");
    }

    @Test
    void aTurnOfTheCallerMayBeTwoOfOursAndLackAWord() {
        ChaosReport report = MadeUpCall.usual()
                .persona(STORY)
                .callerSays("We had soup and bread for dinner.")
                .understood("We had soup")
                .understood("ead for dinner.")
                .wait(1_000)
                .persona("What is on your mind?")
                .judged();

        assertThat(report.findings()).isEmpty();
    }

    @Test
    void aSentenceHeardAgainAfterADeathIsRepeated() {
        ChaosReport report = MadeUpCall.usual()
                .persona(STORY)
                .moves(FaultKind.DEATH, 100)
                .wait(500)
                .persona("Sorry, where was I? " + STORY)
                .judged();

        assertThat(report.turns().repeated()).hasSize(1).first().asString().contains("twice");
        assertThat(report.ok()).isFalse();
    }

    @Test
    void aModelThatTellsHowFarItHadComeDoesNotRepeatItself() {
        ChaosReport report = MadeUpCall.usual()
                .persona(STORY)
                .moves(FaultKind.DEATH, 100)
                .wait(500)
                .persona("Sorry, where was I? I had got as far as: in winter. " + STORY)
                .judged();

        assertThat(report.findings()).isEmpty();
    }

    @Test
    void theSameStoryAskedForAgainIsNoRepetition() {
        ChaosReport report = MadeUpCall.usual()
                .persona(STORY)
                .wait(900)
                .caller("Tell me a story.")
                .wait(1_000)
                .persona(STORY)
                .judged();

        assertThat(report.findings()).isEmpty();
    }

    @Test
    void aTurnOurDatabaseHasOnceMoreThanItWasSpokenIsRepeated() {
        ChaosReport persona =
                MadeUpCall.usual().persona(STORY).written(STORY, false).judged();
        ChaosReport caller =
                MadeUpCall.usual().understood("Tell me a story.").persona(STORY).judged();

        assertThat(persona.turns().repeated()).hasSize(1);
        assertThat(caller.turns().repeated()).hasSize(1);
    }

    // ---- words -----------------------------------------------------------------------------------------------------

    @Test
    void wordsOnlyOneSideHasAreErrors() {
        ChaosReport report = MadeUpCall.usual()
                .written("Every evening she climbed two hundred steps.", false)
                .phoneHears("Every evening she slowly climbed the steps.")
                .judged();

        // Not ours: slowly, the. Not the phone's: two, hundred.
        assertThat(report.turns().wordErrors()).isEqualTo(4);
        assertThat(report.ok()).isTrue();
    }

    @Test
    void theWordThatWasCutMayBeMissingOrStandWhole() {
        ChaosReport missing = MadeUpCall.usual()
                .written("Every evening she", true)
                .phoneHears("Every evening she clim")
                .judged();
        ChaosReport whole = MadeUpCall.usual()
                .written("Every evening she climbed", true)
                .phoneHears("Every evening she clim")
                .judged();

        assertThat(missing.turns().wordErrors()).isZero();
        assertThat(whole.turns().wordErrors()).isZero();
    }

    @Test
    void whatPlayedAroundADeathNeedNotBeKnown() {
        ChaosReport report = MadeUpCall.usual()
                .written("Every evening she", true)
                .phoneHears("Every evening she climbed the")
                .moves(FaultKind.DEATH, 100)
                .wait(500)
                .persona("Sorry, where was I? climbed the steps.")
                .judged();

        assertThat(report.turns().wordErrors()).isZero();
        assertThat(report.turns().unknownAtDeath()).isEqualTo(2);
        assertThat(report.findings()).isEmpty();
    }

    @Test
    void whatPlayedBeforeADrainMustBeKnown() {
        ChaosReport report = MadeUpCall.usual()
                .written("Every evening she", true)
                .phoneHears("Every evening she climbed the")
                .moves(FaultKind.DRAIN, 100)
                .persona("steps.")
                .judged();

        assertThat(report.turns().wordErrors()).isEqualTo(1);
    }

    // ---- gaps ------------------------------------------------------------------------------------------------------

    @Test
    void aDrainInAPauseMakesNoGapHoweverLongTheCallerIsSilent() {
        ChaosReport report = MadeUpCall.usual()
                .persona(STORY)
                .wait(200)
                .moves(FaultKind.DRAIN, 100)
                .wait(4_000)
                .caller("Tell me another.")
                .wait(1_000)
                .persona("Gladly, my friend.")
                .judged();

        assertThat(report.onDrain()).isEqualTo(new ChaosReport.Gaps(1, 1, 0, 0, 0));
    }

    @Test
    void anAnswerThatComesLateBecauseOfADrainIsAGap() {
        ChaosReport report = MadeUpCall.usual()
                .persona(STORY)
                .wait(900)
                .caller("Tell me another.")
                .moves(FaultKind.DRAIN, 100)
                .wait(1_600)
                .persona("Gladly, my friend.")
                .judged();

        assertThat(report.onDrain().p95()).isEqualTo(700);
    }

    @Test
    void theCallersOwnWordsInASilenceAreNoGap() {
        ChaosReport report = afterDeath()
                .caller("Hello? Hello?")
                .wait(1_300)
                .persona("Sorry, where was I?")
                .judged();

        // 100 + 700 ms until the caller spoke, and 300 ms beyond the usual second after that.
        assertThat(report.onDeath().p95()).isEqualTo(1_100);
    }

    @Test
    void aDeathWhileNobodyWasDueIsNoSample() {
        ChaosReport report = MadeUpCall.usual()
                .persona(STORY)
                .wait(700)
                .moves(FaultKind.DEATH, 100)
                .wait(900)
                .persona("Sorry, I lost you for a second. Please go on.")
                .judged();

        assertThat(report.onDeath().moved()).isZero();
    }

    private static MadeUpCall afterDeath() {
        return MadeUpCall.usual()
                .personaCutAfter("Every evening she climbed")
                .moves(FaultKind.DEATH, 100)
                .wait(700);
    }

    // ---- settlements -----------------------------------------------------------------------------------------------

    @Test
    void aSettlementMustBeThereAndAddUp() {
        assertThat(settledAs(null)).hasSize(1);
        assertThat(settledAs(new Settlement("charged", "by_the_second", 60, 60, 180, 60, 100)))
                .hasSize(1);
        assertThat(settledAs(new Settlement("charged", "by_the_second", 61, 61, 180, 61, 119)))
                .as("60 s by Twilio's own duration")
                .hasSize(1);
        assertThat(settledAs(new Settlement("charged", "by_the_second", 60, 60, 180, 30, 150)))
                .hasSize(1);
        assertThat(settledAs(new Settlement("not_charged", "lost_media", 60, 0, 180, 60, 120)))
                .as("captured though free, and free though nothing was lost")
                .hasSize(2);
    }

    @Test
    void aCallIsFreeOnlyIfEnoughOfItWasLost() {
        Settlement free = new Settlement("not_charged", "lost_media", 60, 0, 180, 0, 180);
        assertThat(settledAs(free)).hasSize(1);
        assertThat(MadeUpCall.usual()
                        .personaCutAfter("Every evening she climbed")
                        .moves(FaultKind.DEATH, 100)
                        .wait(6_000)
                        .persona("Sorry, where was I?")
                        .settled(free)
                        .judged()
                        .wrongSettlements())
                .isEmpty();
        assertThat(MadeUpCall.usual()
                        .personaCutAfter("Every evening she climbed")
                        .moves(FaultKind.DEATH, 100)
                        .wait(7_000)
                        .persona("Sorry, where was I?")
                        .judged()
                        .wrongSettlements())
                .as("charged though seven seconds were lost")
                .hasSize(1);
    }

    @Test
    void aLedgerThatDoesNotAddUpIsAWrongSettlement() {
        ChaosReport report = ChaosReport.of(List.of(MadeUpCall.usual().over()), 0, List.of("ledger: unbalanced"));

        assertThat(report.wrongSettlements()).hasSize(1);
        assertThat(report.ok()).isFalse();
    }

    private static List<String> settledAs(@org.jspecify.annotations.Nullable Settlement settlement) {
        return MadeUpCall.usual().persona(STORY).settled(settlement).judged().wrongSettlements();
    }
}
