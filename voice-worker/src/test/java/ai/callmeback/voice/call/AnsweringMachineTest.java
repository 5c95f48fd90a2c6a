package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.conversation.Turn;
import ai.callmeback.voice.mouth.PhraseCache;
import ai.callmeback.workflows.call.ConverseResult;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnsweringMachineTest {
    private static final String MESSAGE = "Hello, this is Brad. You asked me to call, and I just missed you."
            + " Talk to you another time. Goodbye. ";

    @Test
    void aMachineIsHungUpOnAtOnceAndTwiceIsOnce() {
        TestCall call = new TestCall().run(500);
        call.session.machineAnswered(false);
        call.session.machineAnswered(false);
        call.run(2500);
        assertThat(call.ended).hasSize(1);
        assertThat(call.result).extracting(ConverseResult::reason).isEqualTo("machine");
    }

    @Test
    void byPolicyAMessageIsLeftOnceTheMachineIsQuiet() {
        TestCall call = leavingMessages().run(500);
        call.session.machineAnswered(false);
        int before = call.heardByPhone().length();
        call.runNoisy(4000);
        assertThat(call.heardByPhone()).hasSize(before);
        call.run(20_000);
        assertThat(call.heardByPhone()).endsWith(MESSAGE);
        assertThat(call.result).extracting(ConverseResult::reason).isEqualTo("machine");
        assertThat(call.vendors.mind.requests).isEmpty();
    }

    @Test
    void aFaxGetsNoMessage() {
        TestCall call = leavingMessages().run(500);
        call.session.machineAnswered(true);
        call.run(2500);
        assertThat(call.heardByPhone()).doesNotContain("missed you");
        assertThat(call.result).extracting(ConverseResult::reason).isEqualTo("machine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "You have reached Maria. Please leave a message after the tone",
                "I can't come to the phone right now",
                "The person you are calling is not available"
            })
    void aMachineIsKnownByWhatItSays(String greeting) {
        TestCall call = new TestCall().run(500).userSays(greeting).run(2500);
        assertThat(call.machinesHeard).isEqualTo(1);
        assertThat(call.result).extracting(ConverseResult::reason).isEqualTo("machine");
        assertThat(call.vendors.mind.requests).isEmpty();
    }

    @Test
    void laterInTheTalkTheSameWordsAreAPersons() {
        TestCall call =
                new TestCall().run(21_000).userSays("Please leave a message").run(3000);
        assertThat(call.machinesHeard).isZero();
        assertThat(call.agentSaid()).last().isEqualTo("You said Please leave a message.");
    }

    /** Guard: the window counts from the answer. Counted from the leg, a person who has talked for a minute is hung up on. */
    @Test
    void soTheyAreAtTheNextWorker() {
        TestCall call = new TestCall(300, List.of(new Turn(1, Turn.Speaker.USER, "Hi", false, Instant.EPOCH)), true)
                .run(3000)
                .userSays("Please leave a message")
                .run(3000);
        assertThat(call.machinesHeard).isZero();
        assertThat(call.agentSaid()).last().isEqualTo("You said Please leave a message.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I got your voicemail",
                "Leave a message for my wife?",
                "Sorry I was screening my calls",
                "My mailbox is full"
            })
    void aPersonWhoSpeaksOfMachinesIsAnswered(String said) {
        TestCall call = new TestCall().run(500).userSays(said).run(4000);
        assertThat(call.machinesHeard).isZero();
        assertThat(call.result).isNull();
        assertThat(call.agentSaid()).last().isEqualTo("You said " + said + ".");
    }

    @Test
    void whoScreensTheCallIsToldWhoItIsOnceAndTheTalkGoesOn() {
        TestCall call = new TestCall()
                .run(500)
                .userSays("Please say your name and why you're calling")
                .run(6000);
        assertThat(call.agentSaid()).last().isEqualTo("This is Brad, calling as asked. They are expecting me.");
        assertThat(call.vendors.mind.requests).isEmpty();
        assertThat(call.userSays("Hi Brad").run(2000).agentSaid()).last().isEqualTo("You said Hi Brad.");
        assertThat(call.machinesHeard).isZero();
    }

    private static TestCall leavingMessages() {
        return new TestCall(300, List.of(), false, null, new PhraseCache(), true);
    }
}
