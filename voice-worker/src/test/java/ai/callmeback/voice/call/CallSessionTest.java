package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.call.EndedBy;
import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.domain.conversation.Turn;
import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmMessage;
import ai.callmeback.vendors.telephony.UpdateOutcome;
import ai.callmeback.workflows.call.ConverseResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CallSessionTest {
    @Test
    void greetsAtOnceAndAnswersWhatItHears() {
        TestCall call = new TestCall().run(3000).userSays("Fine, thanks").run(3000);
        assertThat(call.heardByPhone()).isEqualTo("Hello, this is Brad. How are you today? You said Fine, thanks. ");
        assertThat(call.agentSaid())
                .containsExactly("Hello, this is Brad. How are you today?", "You said Fine, thanks.");
    }

    @Test
    void theFirstFrameGoesOutInTheSameInstantTheTurnEnds() {
        TestCall call = new TestCall().run(3000);
        int before = call.phone.playedBytes();
        call.userSays("Fine");
        call.phone.tick();
        assertThat(call.phone.playedBytes()).isGreaterThan(before);
    }

    @Test
    void anInterruptedTurnEntersTheConversationAsFarAsItWasHeard() {
        TestCall call = new TestCall().run(700);
        call.userSays("Wait, who is this?");
        assertThat(call.phone.clears()).isEqualTo(1);
        assertThat(call.agentSaid()).containsExactly("Hello, this");
        assertThat(call.vendors.mind.requests.getFirst().messages())
                .contains(new LlmMessage.Assistant("Hello, this \u2014"), new LlmMessage.User("Wait, who is this?"));
    }

    /**
     * I8: what the journal says was heard is what the phone played, to the word, whenever the user interrupts. Guards: the
     * clear, the judgement of echoes, the cut of the turn to whole words; without any of them this fails.
     */
    @Property(tries = 300)
    void theJournalSaysWhatThePhoneHeard(@ForAll long seed) {
        Random random = new Random(seed);
        TestCall call = new TestCall();
        call.vendors.mind.answers = said -> List.of(
                new LlmEvent.Delta("Well, let me see. That is"),
                new LlmEvent.Delta(" a good one, I would say! Shall we go on"),
                new LlmEvent.Delta(" with it, or not?"));
        StringBuilder heard = new StringBuilder();
        int from = 0;
        for (int turn = 0; turn < 6; turn++) {
            call.run(random.nextInt(300) * 20L);
            call.vendors.ears.starts("Stop right there");
            call.time.settle();
            call.phone.deliver();
            String played = FakeVendors.textOf(
                    java.util.Arrays.copyOfRange(call.phone.played(), from, call.phone.playedBytes()));
            from = call.phone.playedBytes();
            heard.append(wholeWords(played)).append('|');
            call.vendors.ears.says("Stop right there");
            call.time.settle();
        }
        String journal = String.join("|", call.agentSaid()) + "|";
        assertThat(words(journal)).isEqualTo(words(heard.toString()));
    }

    /** The phone may have begun a word it did not finish; such a word is in nobody's account. */
    private static String wholeWords(String played) {
        List<String> sentences = List.of(
                "Hello, this is Brad. How are you today? ",
                "Well, let me see. That is a good one, I would say! Shall we go on with it, or not? ");
        String sentence =
                sentences.stream().filter(s -> s.startsWith(played)).findFirst().orElse(played);
        int end = played.length();
        if (end < sentence.length() && Character.isLetterOrDigit(sentence.charAt(end))) {
            while (end > 0 && Character.isLetterOrDigit(played.charAt(end - 1))) {
                end--;
            }
        }
        return played.substring(0, end);
    }

    private static String words(String text) {
        return text.replaceAll("[^A-Za-z| ]", "")
                .replaceAll(" *\\| *", "|")
                .replaceAll("\\|+", "|")
                .strip();
    }

    @Test
    void aBackchannelDoesNotTakeTheTurn() {
        TestCall call = new TestCall().run(700).userSays("Mhm").run(3000);
        assertThat(call.agentSaid()).containsExactly("Hello, this is Brad. How are you today?");
        assertThat(call.vendors.mind.requests).isEmpty();
    }

    @Test
    void aTurnThatHangsIsEndedThreeSecondsAfterItsLastWord() {
        TestCall call = new TestCall().run(3000);
        call.vendors.ears.starts("I was thinking about");
        call.run(2900);
        assertThat(call.vendors.ears.forced).isZero();
        call.run(200);
        assertThat(call.vendors.ears.forced).isEqualTo(1);
        call.run(3500);
        assertThat(call.agentSaid()).contains("You said I was thinking about.");
    }

    @Test
    void theModelsGoodbyeIsHeardToItsEndThenTheCallIsCompletedBeforeTheSocketCloses() {
        TestCall call = new TestCall().run(3000);
        call.vendors.mind.answers =
                said -> List.of(new LlmEvent.Delta("Bye, it was nice."), new LlmEvent.ToolCall("1", "end_call", "{}"));
        call.userSays("That was all").run(800);
        assertThat(call.ended).isEmpty();
        call.run(400);
        assertThat(call.ended).containsExactly("CA1");
        assertThat(call.heardByPhone()).endsWith("Bye, it was nice. ");
        assertThat(call.phone.closed()).isEmpty();
        call.run(1600);
        assertThat(call.phone.closed()).isEqualTo("farewell");
        assertThat(call.result)
                .isEqualTo(new ConverseResult(
                        ConverseResult.End.CALL_ENDED, EndedBy.AGENT, "farewell", call.result.talkMs(), 3, 0, false));
    }

    @Test
    void anEndCallThatCannotBeMadeIsTriedAgainAndTheLegEndsAllTheSame() {
        TestCall call = new TestCall().run(3000);
        call.endCallAnswer = new UpdateOutcome.Unknown("no answer");
        call.session.requestEnd(EndReason.REQUESTED);
        call.run(6000);
        assertThat(call.ended).hasSize(3);
        assertThat(call.phone.closed()).isEqualTo("requested");
    }

    @Test
    void aBudgetThatIsUsedUpIsSaidAndHeardBeforeTheCallEnds() {
        TestCall call = new TestCall().run(3000);
        call.session.requestEnd(EndReason.BUDGET);
        call.run(500);
        call.session.requestEnd(EndReason.BUDGET);
        assertThat(call.ended).isEmpty();
        call.run(12_000);
        assertThat(call.heardByPhone()).contains("the budget you set for calls is used up.", "take care");
        assertThat(call.phone.closed()).isEqualTo("budget");
        assertThat(call.result).extracting(ConverseResult::endedBy).isEqualTo(EndedBy.SYSTEM);
    }

    @Test
    void aLongSilenceIsAskedAboutTwiceThenTakenForAGoodbye() {
        TestCall call = new TestCall().run(35_000);
        assertThat(call.agentSaid())
                .containsExactly(
                        "Hello, this is Brad. How are you today?",
                        "Are you there?",
                        "Hello?",
                        "Goodbye then, take care.");
        assertThat(call.result).extracting(ConverseResult::reason).isEqualTo("idle");
    }

    @Test
    void theQuestionsComeAfter8And16SecondsOfSilenceAndTheGoodbyeAfter25() {
        TestCall call = new TestCall();
        List<Long> startedMillis = new ArrayList<>();
        int heard = 0;
        for (int i = 0; i < 1500 && call.ended.isEmpty(); i++) {
            boolean quietBefore = call.phone.playedBytes() == heard;
            heard = call.phone.playedBytes();
            call.run(20);
            if (quietBefore && call.phone.playedBytes() > heard) {
                startedMillis.add(call.time.millis());
            }
        }
        long silent = "Hello, this is Brad. How are you today? ".length() * 60L;
        assertThat(startedMillis.stream().skip(1).map(at -> Math.round((at - silent) / 1000.0)))
                .containsExactly(8L, 16L, 25L);
    }

    /** Guard: the patience with a sound that no words follow. Without it a radio keeps the call up until the time is over. */
    @Test
    void aNoiseWithoutWordsIsASilenceToo() {
        TestCall call = new TestCall().runNoisy(50_000);
        assertThat(call.agentSaid())
                .containsExactly(
                        "Hello, this is Brad. How are you today?",
                        "Are you there?",
                        "Hello?",
                        "Goodbye then, take care.");
        assertThat(call.result).extracting(ConverseResult::reason).isEqualTo("idle");
    }

    @Test
    void theEndIsAnnouncedAndComesWithAFarewellInTime() {
        TestCall call = new TestCall(60, List.of(), false);
        for (int i = 0; i < 12; i++) {
            call.run(5000);
            if (call.result == null) {
                call.userSays("go on");
            }
        }
        assertThat(call.agentSaid()).anyMatch(said -> said.contains("Half a minute is left."));
        assertThat(call.agentSaid().getLast()).isEqualTo("Goodbye then, take care.");
        assertThat(call.result).extracting(ConverseResult::endedBy).isEqualTo(EndedBy.SYSTEM);
        assertThat(call.result.talkMs()).isBetween(48_000L, 62_000L);
    }

    @Test
    void aModelThatIsLateIsCoveredByAFillerAndOneThatFailsByAnApology() {
        TestCall call = new TestCall().run(3000);
        call.vendors.mind.delayMillis = 2000;
        call.userSays("Tell me").run(5000);
        assertThat(call.agentSaid()).contains("Hm, well, You said Tell me.");
        call.vendors.mind.delayMillis = 0;
        call.vendors.mind.answers =
                said -> List.of(new LlmEvent.Failed(VendorFault.of("llm", VendorFault.Kind.SERVER_ERROR, "no"), false));
        call.userSays("And now").run(3000);
        assertThat(call.agentSaid()).contains("Sorry, say that again please.");
    }

    /** Guard: the words in place of an answer. "Say that again" is no goodbye, and nothing to hang up after. */
    @Test
    void whoSaysGoodbyeToAModelThatFailsIsToldGoodbye() {
        TestCall call = withoutModel().userSays("I have to go now").run(6000);
        assertThat(call.agentSaid()).last().isEqualTo("Goodbye then, take care.");
        assertThat(call.result).extracting(ConverseResult::reason).isEqualTo("farewell");
    }

    @Test
    void aModelThatFailsThreeTimesRunningEndsTheCallWithAWordAboutIt() {
        TestCall call = withoutModel();
        for (int i = 0; i < 3; i++) {
            call.userSays("And now").run(4000);
        }
        call.run(4000);
        assertThat(call.agentSaid())
                .endsWith(
                        "Sorry, say that again please.",
                        "Sorry, say that again please.",
                        "Sorry, I am having trouble with the line, so we have to stop here. Goodbye.");
        assertThat(call.result)
                .extracting(ConverseResult::reason, ConverseResult::vendorFault)
                .containsExactly("vendor_fault", true);
    }

    private static TestCall withoutModel() {
        TestCall call = new TestCall().run(3000);
        call.vendors.mind.answers =
                said -> List.of(new LlmEvent.Failed(VendorFault.of("llm", VendorFault.Kind.SERVER_ERROR, "no"), false));
        return call;
    }

    @Test
    void aVoiceThatBreaksIsReplacedAndSaysWhatWasMissing() {
        TestCall call = new TestCall().run(3000);
        call.vendors.voice.mute(true);
        call.userSays("Tell me").run(200);
        call.vendors.voice.mute(false);
        call.vendors.voice.breaks();
        call.run(3000);
        assertThat(call.heardByPhone()).endsWith("You said Tell me. ");
        call.vendors.voice.breaks();
        assertThat(call.vendors.voice.openedFallback).isEqualTo(1);
        call.vendors.voice.breaks();
        call.run(9000);
        assertThat(call.result).extracting(ConverseResult::vendorFault).isEqualTo(true);
    }

    @Test
    void earsThatBreakAreReplacedTheFourthTimeIsFinal() {
        TestCall call = new TestCall().run(3000);
        for (int i = 0; i < 3; i++) {
            call.vendors.ears.breaks();
            call.run(1100);
        }
        assertThat(call.vendors.ears.opened).isEqualTo(4);
        call.vendors.ears.breaks();
        call.run(9000);
        assertThat(call.result).extracting(ConverseResult::reason).isEqualTo("vendor_fault");
    }

    @Test
    void aStopIsTheUserHangingUpAndALostSocketIsNot() {
        TestCall stopped = new TestCall().run(500);
        stopped.session.onStop();
        assertThat(stopped.result).extracting(ConverseResult::endedBy).isEqualTo(EndedBy.USER);
        TestCall lost = new TestCall().run(500);
        lost.session.onSocketLost();
        assertThat(lost.result).extracting(ConverseResult::end).isEqualTo(ConverseResult.End.HANDED_OVER);
        assertThat(lost.agentSaid()).containsExactly("Hello,");
    }

    @Test
    void theNextWorkerGoesOnWhereTheLastWasCutOff() {
        List<Turn> soFar = List.of(
                new Turn(1, Turn.Speaker.AGENT, "Hello, this is Brad.", false, Instant.EPOCH),
                new Turn(2, Turn.Speaker.USER, "The code word is heron.", false, Instant.EPOCH),
                new Turn(3, Turn.Speaker.AGENT, "I will keep that in", true, Instant.EPOCH));
        TestCall call = new TestCall(300, soFar, true).run(2000);
        assertThat(call.heardByPhone()).startsWith("Sorry, where was I? ");
        assertThat(call.vendors.mind.requests.getFirst().messages())
                .contains(
                        new LlmMessage.User("The code word is heron."),
                        new LlmMessage.Assistant("I will keep that in \u2014"));
    }

    @Test
    void usageIsCumulativeNumberedAndClosedByALastReport() {
        TestCall call = new TestCall().run(31_000);
        call.session.onStop();
        assertThat(call.usage).extracting(report -> report.sequence()).containsExactly(1L, 2L, 3L);
        assertThat(call.usage.getLast().last()).isTrue();
        assertThat(call.usage.getLast().totals().ttsCharacters().get("eleven_flash_v2_5"))
                .isGreaterThanOrEqualTo(40);
    }

    @Test
    void plannedTextIsJournalledBeforeItsFirstFrameAndMarksAfter() {
        TestCall call = new TestCall();
        assertThat(call.journal).anyMatch(line -> line.kind() == JournalKind.AGENT_PLANNED);
        call.run(1000);
        assertThat(call.journal.stream()
                        .filter(line -> line.kind() == JournalKind.AGENT_HEARD)
                        .map(CallJournal.Line::heardMs))
                .contains(360, 560, 760, 960);
    }
}
