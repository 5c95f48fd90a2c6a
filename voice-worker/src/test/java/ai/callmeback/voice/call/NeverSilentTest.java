package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.telephony.TwilioCallStatus;
import ai.callmeback.vendors.telephony.UpdateOutcome;
import ai.callmeback.voice.mouth.PhraseCache;
import ai.callmeback.workflows.call.ConverseResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is still heard when the voice, or the model, is not. */
class NeverSilentTest {
    private static final long DEAD_AIR_MILLIS = 3_000;

    @Test
    void fixedPhrasesAreMadeOnceForAllCallsOfAWorkerAndHeardAsSpoken() {
        PhraseCache phrases = new PhraseCache();
        TestCall first = call(phrases).run(14_500);
        int made = phrases.size();
        assertThat(made).isEqualTo(new Phrases(TestCall.brief()).fixed().size());
        TestCall second = call(phrases).run(14_500);
        assertThat(phrases.size()).isEqualTo(made);
        assertThat(first.vendors.voice.said).contains("Are you there?");
        assertThat(second.vendors.voice.said).noneMatch("Are you there?"::equals);
        assertThat(second.heardByPhone()).isEqualTo(first.heardByPhone()).endsWith("Are you there? ");
        assertThat(second.agentSaid()).isEqualTo(first.agentSaid()).contains("Are you there?");
    }

    @Test
    void aVoiceThatFallsSilentIsCoveredAndTheCallEndsWithAWord() {
        PhraseCache phrases = new PhraseCache();
        call(phrases).run(14_500);
        TestCall call = call(phrases).run(3000);
        call.vendors.voice.mute(true);
        call.userSays("Tell me");
        assertThat(longestSilence(call)).isLessThan(DEAD_AIR_MILLIS);
        assertThat(call.heardByPhone()).contains("Hm, well,").endsWith("so we have to stop here. Goodbye. ");
        assertThat(call.agentSaid().getLast())
                .isEqualTo("Sorry, I am having trouble with the line, so we have to stop here. Goodbye.");
        assertThat(call.vendors.voice.openedFallback).isEqualTo(1);
        assertThat(call.run(2000).result)
                .extracting(ConverseResult::vendorFault)
                .isEqualTo(true);
    }

    /** Guard: the telephony's own voice. Without it the line just goes dead. */
    @Test
    void aVoiceThatIsGoneBeforeItEverSpokeLeavesTheLastWordToTheTelephony() {
        TestCall call = withDeadVoice();
        call.endCallAnswer = new UpdateOutcome.Done(TwilioCallStatus.IN_PROGRESS);
        call.run(VoicePatience.LAST_WORD_AFTER_MILLIS - VoicePatience.BEFORE_FIRST_LEG_MILLIS - 20);
        assertThat(call.ended).isEmpty();
        call.run(60);
        assertThat(call.phone.playedBytes()).isZero();
        assertThat(call.ended).containsExactly("CA1 Sorry, there is trouble with the line. Goodbye.");
        assertThat(call.vendors.voice.openedFallback).isEqualTo(1);
        assertThat(call.run(2000).result)
                .extracting(ConverseResult::vendorFault)
                .isEqualTo(true);
        assertThat(call.agentSaid()).containsExactly("", "Sorry, there is trouble with the line. Goodbye.");
    }

    /** The stream may end for them before the telephony has answered; a telephony that refuses them says nothing. */
    @Test
    void wordsOfTheTelephonyAreTakenDownWhenItSaysThemAndOnlyThen() {
        TestCall stopped = withDeadVoice();
        stopped.telephonyAnswers = false;
        stopped.run(DEAD_AIR_MILLIS);
        assertThat(stopped.agentSaid()).containsOnly("");
        stopped.session.onStop();
        assertThat(stopped.agentSaid()).last().isEqualTo("Sorry, there is trouble with the line. Goodbye.");

        TestCall refused = withDeadVoice();
        refused.endCallAnswer = new UpdateOutcome.Refused(21218, "no");
        refused.run(2 * DEAD_AIR_MILLIS);
        assertThat(refused.result).isNotNull();
        assertThat(refused.agentSaid()).containsOnly("");
    }

    @Test
    void aModelThatIsSilentForLongIsCoveredAgainAndAgain() {
        TestCall call = new TestCall().run(8000);
        call.vendors.mind.delayMillis = 8000;
        call.userSays("Tell me");
        long silence = 0;
        long longest = 0;
        for (int i = 0; i < 400; i++) {
            int before = call.phone.playedBytes();
            call.run(20);
            silence = call.phone.playedBytes() > before ? 0 : silence + 20;
            longest = Math.max(longest, silence);
        }
        assertThat(longest).isLessThan(DEAD_AIR_MILLIS);
    }

    @Test
    void earsThatGoMuteAreReplacedWhileTheUserSpeaks() {
        TestCall call = new TestCall().run(9000);
        call.runNoisy(2000);
        assertThat(call.vendors.ears.opened).isEqualTo(2);
        assertThat(call.journal).anyMatch(line -> String.valueOf(line.detail()).contains("TIMEOUT"));
        call.userSays("Can you hear me").run(3000);
        assertThat(call.agentSaid()).last().isEqualTo("You said Can you hear me.");
    }

    /** Guard: {@link Unanswered}. Without it a mute engine leaves a short answer without an answer. */
    @Test
    void aShortAnswerThatAMuteEngineSaysNothingOfIsHeardByTheOther() {
        TestCall call = new TestCall().run(5000);
        call.runNoisy(400).run(1500);
        assertThat(call.vendors.ears.opened).isEqualTo(2);
        assertThat(call.vendors.ears.engine).isEqualTo(SttOptions.Engine.NOVA);
        call.userSays("Yes").run(2000);
        assertThat(call.agentSaid()).last().isEqualTo("You said Yes.");
    }

    @Test
    void aCoughOfWhichNobodyHasAWordIsLeftAlone() {
        TestCall call = new TestCall().run(5000);
        int turns = call.agentSaid().size();
        call.runNoisy(300).run(4500);
        assertThat(call.agentSaid()).hasSize(turns);
        assertThat(call.vendors.ears.engine).isEqualTo(SttOptions.Engine.FLUX);
    }

    @Test
    void ofEarsThatAreMuteOrOutOfReachTheUserIsToldInTimeAndTheCallEndsWithAWord() {
        for (boolean outOfReach : List.of(true, false)) {
            TestCall call = new TestCall().run(5000);
            call.vendors.ears.mute = true;
            call.vendors.ears.opens = !outOfReach;
            if (outOfReach) {
                call.vendors.ears.breaks();
            }
            call.runNoisy(800);
            long silence = 0;
            boolean asked = false;
            for (int i = 0; i < 1500 && call.ended.isEmpty(); i++) {
                int before = call.phone.playedBytes();
                call.run(20);
                boolean sounds = call.phone.playedBytes() > before;
                asked |= sounds;
                silence = sounds ? 0 : silence + 20;
                assertThat(silence).as(call.heardByPhone()).isLessThan(DEAD_AIR_MILLIS);
                if (asked && silence == 1000) {
                    // Whoever was asked says it again.
                    call.runNoisy(600);
                    asked = false;
                    silence = 0;
                }
            }
            assertThat(call.heardByPhone()).contains("Sorry, say that again please.");
            assertThat(call.agentSaid().getLast()).contains("trouble with the line");
            assertThat(call.run(2000).result)
                    .extracting(ConverseResult::vendorFault)
                    .isEqualTo(true);
        }
    }

    private static TestCall withDeadVoice() {
        FakeVendors vendors = new FakeVendors();
        vendors.voice.mute(true);
        return TestCall.with(vendors);
    }

    private static TestCall call(PhraseCache phrases) {
        return new TestCall(300, List.of(), false, false, phrases);
    }

    /** Until the call is over, from now. */
    private static long longestSilence(TestCall call) {
        long silence = 0;
        long longest = 0;
        for (int i = 0; i < 1500 && call.ended.isEmpty(); i++) {
            int before = call.phone.playedBytes();
            call.run(20);
            silence = call.phone.playedBytes() > before ? 0 : silence + 20;
            longest = Math.max(longest, silence);
        }
        assertThat(call.ended).as(call.heardByPhone() + call.journal).isNotEmpty();
        return longest;
    }
}
