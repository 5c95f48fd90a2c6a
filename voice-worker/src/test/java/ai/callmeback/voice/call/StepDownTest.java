package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.conversation.Turn;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmMessage;
import ai.callmeback.workflows.call.ConverseResult;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StepDownTest {
    private static final Turn HELLO =
            new Turn(1, Turn.Speaker.AGENT, "Hello, this is Brad. How are you?", false, Instant.EPOCH);

    @Test
    void inSilenceTheCallMovesAtOnce() {
        TestCall call = new TestCall().run(4000);
        call.session.handOver();
        call.time.settle();
        assertThat(call.phone.closed()).isEqualTo("drain");
        assertThat(call.result).extracting(ConverseResult::end).isEqualTo(ConverseResult.End.HANDED_OVER);
    }

    @Test
    void anAgentThatSpeaksIsHeardToTheEndFirst() {
        TestCall call = new TestCall().run(500);
        call.session.handOver();
        call.run(1000);
        assertThat(call.phone.closed()).isEmpty();
        call.run(1500);
        assertThat(call.phone.closed()).isEqualTo("drain");
        assertThat(call.agentSaid()).containsExactly("Hello, this is Brad. How are you today?");
    }

    @Test
    void aUserWhoSpeaksIsAnsweredFirst() {
        TestCall call = new TestCall().run(4000);
        call.vendors.ears.starts("Tell me");
        call.time.settle();
        call.session.handOver();
        call.run(500);
        assertThat(call.phone.closed()).isEmpty();
        call.vendors.ears.says("Tell me");
        call.time.settle();
        call.run(3000);
        assertThat(call.phone.closed()).isEqualTo("drain");
        assertThat(call.agentSaid()).contains("You said Tell me.");
    }

    @Test
    void aLongTurnIsLeftAtTheEndOfASentenceAndATurnWithoutOneAtTheLatestAfterTenSeconds() {
        TestCall sentences = speaking("This is one of very many sentences of the same length. ".repeat(20));
        sentences.session.handOver();
        sentences.run(10_000);
        assertThat(sentences.phone.closed()).isEqualTo("drain");
        assertThat(sentences.agentSaid().getLast()).endsWith("length.");

        TestCall endless = speaking("and so on ".repeat(100));
        endless.session.handOver();
        endless.run(9_900);
        assertThat(endless.phone.closed()).isEmpty();
        endless.run(200);
        assertThat(endless.phone.closed()).isEqualTo("drain");
    }

    private static TestCall speaking(String text) {
        TestCall call = new TestCall().run(4000);
        call.vendors.mind.answers = said -> List.of(new LlmEvent.Delta(text));
        return call.userSays("Go").run(300);
    }

    @Test
    void theNextWorkerSaysNothingInAGapAndGoesOnWithoutApologyInATurn() {
        TestCall gap = new TestCall(300, List.of(HELLO), true, true).run(3000);
        assertThat(gap.heardByPhone()).isEmpty();
        assertThat(gap.userSays("Fine").run(2000).heardByPhone()).isEqualTo("You said Fine. ");

        Turn cut = new Turn(1, Turn.Speaker.AGENT, "First this.", true, Instant.EPOCH);
        TestCall turn = new TestCall(300, List.of(cut), true, true).run(500);
        assertThat(turn.heardByPhone()).doesNotContain("Sorry");
        assertThat(turn.vendors.mind.requests.getFirst().messages())
                .contains(new LlmMessage.Assistant("First this. \u2014"));
    }

    @Test
    void whatWasSpokenAheadGoesAlongAndIsPlayedOnWithoutModelOrVoice() {
        String text = "This is one of very many sentences of the same length. "
                .repeat(20)
                .strip();
        TestCall left = speaking(text);
        left.session.handOver();
        left.run(10_000);
        String heard = left.agentSaid().getLast();
        Carried carried = Objects.requireNonNull(left.carried);
        assertThat(heard + " " + carried.text().strip()).isEqualTo(text);
        assertThat(left.journal).anyMatch(line -> line.text().equals(carried.text()));

        Turn cut = new Turn(1, Turn.Speaker.AGENT, heard, true, Instant.EPOCH);
        TestCall next = new TestCall(List.of(cut), carried);
        next.vendors.voice.mute(true);
        next.run(2500);
        assertThat(carried.text()).startsWith(next.heardByPhone().strip());
        assertThat(next.heardByPhone().length()).isGreaterThan(40);
        assertThat(next.vendors.mind.requests).isEmpty();
    }

    /** Wherever in a word the phone was stopped. Guard: the audio from the word's beginning; else it goes on in mid-word. */
    @Test
    void aWordThatIsBrokenOffIsSaidAgainFromItsBeginning() {
        String text = "wonders ".repeat(60).strip();
        for (int offset = 0; offset < 480; offset += 60) {
            TestCall left = speaking(text).run(offset);
            left.session.handOver();
            left.run(10_200);
            String heard = left.agentSaid().getLast();
            Carried carried = Objects.requireNonNull(left.carried);
            assertThat(heard + " " + carried.text().strip()).isEqualTo(text);
            Turn cut = new Turn(1, Turn.Speaker.AGENT, heard, true, Instant.EPOCH);
            TestCall next = new TestCall(List.of(cut), carried);
            assertThat(next.run(1500).heardByPhone().strip()).startsWith("wonders wonders");
        }
    }

    @Test
    void anAnswerThatIsStillThoughtOfIsThoughtOfAnew() {
        TestCall call = new TestCall().run(4000);
        call.vendors.mind.delayMillis = 60_000;
        call.userSays("Go").run(300);
        call.session.handOver();
        call.run(11_000);
        assertThat(call.phone.closed()).isEqualTo("drain");
        assertThat(call.carried).isNull();
        assertThat(call.journal)
                .anyMatch(line -> "{\"legOver\":\"drain\"}".equals(line.detail())
                        && line.text().isEmpty());
    }

    @Test
    void aGapStillEndsInAQuestionWhetherSomebodyIsThere() {
        TestCall call = new TestCall(300, List.of(HELLO), true, true).run(10_000);
        assertThat(call.heardByPhone()).isEqualTo("Are you there? ");
    }
}
