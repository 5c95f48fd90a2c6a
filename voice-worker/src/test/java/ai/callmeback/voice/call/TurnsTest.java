package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Who has the floor: guesses, doubts, backchannels. */
class TurnsTest {
    private static final String GREETING = "Hello, this is Brad. How are you today? ";

    @Test
    void aRightGuessIsHeardTheInstantTheTurnEnds() {
        TestCall call = new TestCall().run(4000);
        call.vendors.mind.delayMillis = 300;
        call.vendors.ears.starts("Fine");
        call.vendors.ears.maybeSaid("Fine");
        call.run(400);
        assertThat(call.vendors.voice.said).contains("You said Fine.");
        assertThat(call.heardByPhone()).isEqualTo(GREETING);
        assertThat(plannedText(call)).doesNotContain("You said Fine.");
        call.vendors.ears.says("Fine");
        call.time.settle();
        call.phone.tick();
        assertThat(call.phone.playedBytes()).isGreaterThan(GREETING.length() * FakeVendors.CHARACTER_BYTES);
        call.run(2000);
        assertThat(call.heardByPhone()).isEqualTo(GREETING + "You said Fine. ");
        assertThat(call.agentSaid()).hasSize(2).last().isEqualTo("You said Fine.");
        assertThat(call.vendors.mind.requests).hasSize(1);
    }

    /** Guard: usage counts what connections were asked for, not what was heard. */
    @Test
    void aWrongGuessIsNeverHeardAndStillPaidFor() {
        TestCall call = new TestCall().run(4000);
        call.vendors.ears.starts("I think");
        call.vendors.ears.maybeSaid("I think");
        call.run(100);
        call.vendors.ears.goesOn("I think that");
        call.run(500);
        call.vendors.ears.says("I think that is it");
        call.time.settle();
        call.run(3000);
        assertThat(call.heardByPhone()).isEqualTo(GREETING + "You said I think that is it. ");
        assertThat(call.vendors.mind.requests).hasSize(2);
        assertThat(call.vendors.mind.requests.getLast().messages())
                .filteredOn(LlmMessage.User.class::isInstance)
                .containsExactly(new LlmMessage.User("I think that is it"));
        call.session.onStop();
        assertThat(call.usage.getLast().totals().llmPromptTokens()).isEqualTo(Map.of("m", 20L));
        assertThat(call.vendors.voice.said).contains("You said I think.", "You said I think that is it.");
        assertThat(call.usage.getLast().totals().ttsCharacters().values())
                .containsExactly(call.vendors.voice.said.stream()
                        .mapToLong(text -> text.length() + 1)
                        .sum());
    }

    @Test
    void aGuessAtOtherWordsThanThoseOfTheEndIsDropped() {
        TestCall call = new TestCall().run(4000);
        call.vendors.ears.starts("Two");
        call.vendors.ears.maybeSaid("Two");
        call.run(100);
        call.vendors.ears.says("Two of them");
        call.time.settle();
        call.run(3000);
        assertThat(call.heardByPhone()).isEqualTo(GREETING + "You said Two of them. ");
    }

    @Test
    void aTurnFullOfPausesIsGuessedAtThreeTimesAtTheMost() {
        TestCall call = new TestCall().run(4000);
        String said = "One";
        call.vendors.ears.starts(said);
        for (int i = 0; i < 6; i++) {
            call.vendors.ears.maybeSaid(said);
            call.run(200);
            said += " more";
            call.vendors.ears.goesOn(said);
        }
        assertThat(call.vendors.mind.requests).hasSize(3);
    }

    @Test
    void aWholeSentenceThatIsProbablyOverIsAnsweredAtOnceAndGoingOnTakesTheFloorBack() {
        TestCall call = new TestCall().run(4000);
        call.vendors.ears.starts("It was");
        call.vendors.ears.maybeSaid("It was fine.");
        call.run(800);
        assertThat(call.vendors.ears.forced).isEqualTo(1);
        assertThat(call.heardByPhone()).contains("You said");
        call.vendors.ears.goesOn("It was fine. And");
        call.vendors.ears.says("It was fine. And then it rained.");
        call.time.settle();
        call.run(4000);
        assertThat(call.heardByPhone()).endsWith("You said And then it rained.. ");
        assertThat(call.journal)
                .filteredOn(line -> line.kind() == JournalKind.USER_SAID)
                .extracting(CallJournal.Line::text)
                .containsExactly("It was fine.", "And then it rained.");
    }

    /** Guard: the level as first hint; words alone come about 300 ms later. */
    @Test
    void aSoundStopsThePhoneWithin200Millis() {
        TestCall call = new TestCall().run(700);
        int ticks = 0;
        while (call.phone.clears() == 0) {
            call.runNoisy(20);
            ticks++;
        }
        assertThat(ticks * 20).isLessThanOrEqualTo(200);
    }

    @Test
    void aCoughDelaysTheAgentAndTakesNothingFromIt() {
        TestCall call = new TestCall().run(700).runNoisy(200).run(100);
        int heard = call.phone.playedBytes();
        call.run(150);
        assertThat(call.phone.playedBytes()).isEqualTo(heard);
        call.run(4000);
        assertThat(call.heardByPhone()).isEqualTo(GREETING);
        assertThat(call.agentSaid()).containsExactly(GREETING.strip());
        assertThat(call.lateFrames).isZero();
    }

    @Test
    void wordsThatConfirmTheSoundTakeTheTurnAndTheHeardTextEndsWhereThePhoneStopped() {
        TestCall call = new TestCall().run(700).runNoisy(300);
        call.vendors.ears.starts("Stop");
        call.run(200);
        call.vendors.ears.says("Stop it");
        call.run(100);
        assertThat(call.agentSaid()).containsExactly("Hello, this");
        assertThat(call.phone.clears()).isEqualTo(1);
    }

    @Test
    void inANoisyPlaceOnlyWordsCountAfterTwoFalseAlarms() {
        TestCall call = new TestCall().run(4000);
        call.vendors.mind.answers = said -> List.of(new LlmEvent.Delta("word ".repeat(100)));
        call.userSays("Go").run(500);
        int before = call.phone.clears();
        for (int i = 0; i < 5; i++) {
            call.runNoisy(200).run(1500);
        }
        assertThat(call.phone.clears() - before).isEqualTo(2);
    }

    @Test
    void aBackchannelThatOutlastsTheAgentIsAnAnswer() {
        TestCall call = new TestCall().run(2000);
        call.vendors.ears.starts("Yeah");
        call.run(1500);
        call.vendors.ears.says("Yeah");
        call.run(2000);
        assertThat(call.agentSaid()).contains("You said Yeah.");
    }

    /**
     * I8 with doubts: coughs, words and backchannels at random; the phone plays every turn without a hole or a repeat, and
     * the journal says of each how far. Guard: the rewind to where the phone stopped.
     */
    @Property(tries = 300)
    void whateverInterruptsTheJournalSaysWhatThePhoneHeard(@ForAll long seed) {
        Random random = new Random(seed);
        TestCall call = new TestCall();
        String answer = "Well, let me see. That is a good one, I would say! Shall we go on with it, or not? ";
        call.vendors.mind.answers = said -> List.of(new LlmEvent.Delta(answer));
        StringBuilder heard = new StringBuilder();
        int from = 0;
        for (int turn = 0; turn < 5; turn++) {
            for (int sound = random.nextInt(4); sound > 0; sound--) {
                call.run(random.nextInt(60) * 20L);
                call.runNoisy(random.nextInt(20) * 20L);
            }
            call.run(random.nextInt(100) * 20L);
            call.vendors.ears.starts("Wait there");
            call.time.settle();
            call.phone.deliver();
            String played = read(Arrays.copyOfRange(call.phone.played(), from, call.phone.playedBytes()));
            from = call.phone.playedBytes();
            assertThat(squeezed(turn == 0 ? GREETING : answer)).startsWith(played);
            heard.append(played).append('|');
            call.vendors.ears.says("Wait there");
            call.time.settle();
        }
        List<String> journal = call.agentSaid();
        String[] phone = heard.toString().split("\\|", -1);
        for (int i = 0; i < 5; i++) {
            List<String> said = words(squeezed(journal.get(i)));
            List<String> played = words(phone[i]);
            // The phone may have got a part of a word more, which is in nobody's account.
            assertThat(said.size()).isBetween(played.size() - 1, played.size());
            assertThat(played.subList(0, said.size())).isEqualTo(said);
        }
    }

    /**
     * Reads letters, double ones as one, for each pause may have made one longer; a last one counts if all but 20 ms of it,
     * the step of the phone's clock, was played.
     */
    private static String read(byte[] played) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < played.length; ) {
            int run = i;
            while (run < played.length && played[run] == played[i]) {
                run++;
            }
            if (run < played.length || run - i >= FakeVendors.CHARACTER_BYTES - 160) {
                text.append((char) played[i]);
            }
            i = run;
        }
        return text.toString();
    }

    private static String squeezed(String text) {
        return text.replaceAll("(.)\\1", "$1");
    }

    private static List<String> words(String text) {
        return text.isBlank()
                ? List.of()
                : List.of(text.strip().split("[ .,!?]+", -1)).stream()
                        .filter(word -> !word.isEmpty())
                        .toList();
    }

    private static String plannedText(TestCall call) {
        return call.journal.stream()
                .filter(line -> line.kind() == JournalKind.AGENT_PLANNED)
                .map(CallJournal.Line::text)
                .reduce("", String::concat);
    }
}
