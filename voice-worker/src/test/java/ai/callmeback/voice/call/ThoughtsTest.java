package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.conversation.JournalKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An engine that ends turns by silence alone, and the model that is asked whether the thought is finished. */
class ThoughtsTest {
    private static final String GREETING = "Hello, this is Brad. How are you today? ";

    @Test
    void aThoughtThatIsFinishedIsAnsweredAtOnce() {
        TestCall call = nova("Yes.", 60);
        call.userSays("Fine").run(100);
        assertThat(userSaid(call)).containsExactly("Fine");
        assertThat(call.vendors.mind.thoughts).hasSize(1);
        assertThat(call.vendors.mind.requests).as("asked in parallel, once").hasSize(1);
        call.run(3000);
        assertThat(call.heardByPhone()).isEqualTo(GREETING + "You said Fine. ");
    }

    /** Guard: {@code TurnTaker.keepOpen}. Without it these are two turns, and the first is answered. */
    @Test
    void whatIsSaidAfterAnUnfinishedThoughtIsTheSameTurn() {
        TestCall call = nova("no", 60);
        call.userSays("My number is").run(900);
        assertThat(userSaid(call)).isEmpty();
        call.vendors.mind.thought = "yes";
        call.userSays("five five five").run(3000);
        assertThat(userSaid(call)).containsExactly("My number is five five five");
        assertThat(call.heardByPhone()).isEqualTo(GREETING + "You said My number is five five five. ");
    }

    @Test
    void anUnfinishedThoughtThatStaysUnfinishedIsAnsweredThreeSecondsAfterItsLastWord() {
        TestCall call = nova("No", 60);
        call.userSays("My number is").run(2800);
        assertThat(userSaid(call)).isEmpty();
        call.run(400);
        assertThat(userSaid(call)).containsExactly("My number is");
        call.run(2000);
        assertThat(call.heardByPhone()).isEqualTo(GREETING + "You said My number is. ");
        assertThat(call.vendors.mind.requests).as("the answer begun meanwhile").hasSize(1);
    }

    /** The answer was begun beside the question: who does not answer it in time costs the caller nothing of the wait. */
    @Test
    void aVerdictThatDoesNotComeInTimeChangesNothing() {
        TestCall call = nova("no", 400);
        call.vendors.mind.delayMillis = 300;
        call.userSays("Fine").run(140);
        assertThat(userSaid(call)).isEmpty();
        call.run(40);
        assertThat(userSaid(call)).containsExactly("Fine");
        call.run(160);
        assertThat(call.phone.playedBytes())
                .as("the answer, 300 ms after the turn's end as without the question")
                .isGreaterThan(GREETING.length() * FakeVendors.CHARACTER_BYTES);
        call.run(3000);
        assertThat(call.heardByPhone()).isEqualTo(GREETING + "You said Fine. ");
        assertThat(userSaid(call)).hasSize(1);
    }

    @Test
    void wordsThatComeBeforeTheVerdictGoOnWithTheTurn() {
        TestCall call = nova("yes", 140);
        call.userSays("My number is").run(60);
        call.userSays("five").run(3000);
        assertThat(userSaid(call)).containsExactly("My number is five");
    }

    /** Guard: usage of the question is counted beside that of the answer, in time or not. */
    @Test
    void theQuestionIsPaidForWhateverBecomesOfIt() {
        TestCall call = nova("no", 400);
        call.userSays("Fine").run(3000);
        call.session.onStop();
        assertThat(call.usage.getLast().totals().llmPromptTokens()).isEqualTo(Map.of("m", 20L));
        assertThat(call.usage.getLast().totals().llmCompletionTokens()).isEqualTo(Map.of("m", 6L));
        assertThat(call.journal)
                .filteredOn(line -> line.kind() == JournalKind.VENDOR_REQUEST
                        && String.valueOf(line.detail()).contains("thought"))
                .hasSize(1);
    }

    @Test
    void anEngineThatListensForItItselfLeavesNothingToAsk() {
        TestCall call = new TestCall().run(4000);
        call.userSays("Fine").run(3000);
        assertThat(call.vendors.mind.thoughts).isEmpty();
    }

    private static TestCall nova(String verdict, long afterMillis) {
        TestCall call = TestCall.heardByNova().run(4000);
        call.vendors.mind.thought = verdict;
        call.vendors.mind.thoughtMillis = afterMillis;
        return call;
    }

    private static List<String> userSaid(TestCall call) {
        return call.journal.stream()
                .filter(line -> line.kind() == JournalKind.USER_SAID)
                .map(CallJournal.Line::text)
                .toList();
    }
}
