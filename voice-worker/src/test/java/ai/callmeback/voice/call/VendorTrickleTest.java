package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.llm.LlmEvent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Vendors that give what was asked for by drops: what has come is heard, and the line is never dead for long. */
class VendorTrickleTest {
    private static final long DEAD_AIR_MILLIS = 3_000;

    /** Guard: {@code Halting} in the mouth. Without it nothing is said before the clause is whole, here after 16 s. */
    @Test
    void aModelThatSaysAWordEachTwoSecondsIsHeardWordByWord() {
        TestCall call = new TestCall().run(9000);
        call.vendors.mind.trickleMillis = 2000;
        call.vendors.mind.answers = said -> Arrays.stream("Well I think that this will do".split(" "))
                .<LlmEvent>map(word -> new LlmEvent.Delta(word + " "))
                .toList();
        call.userSays("Tell me");
        assertThat(longestSilence(call, 16_000)).isLessThan(DEAD_AIR_MILLIS);
        call.run(3000);
        assertThat(call.agentSaid()).last().isEqualTo("Well I think that this will do");
        assertThat(call.heardByPhone()).endsWith("Well I think that this will do ");
    }

    @Test
    void aModelThatIsOnlyALittleSlowIsNotCutIntoWords() {
        TestCall call = new TestCall().run(9000);
        call.vendors.mind.trickleMillis = 150;
        call.vendors.mind.answers = said -> List.of(
                new LlmEvent.Delta("I see, "), new LlmEvent.Delta("that is "), new LlmEvent.Delta("good to hear."));
        call.userSays("Tell me").run(6000);
        assertThat(call.vendors.voice.said).contains("I see, that is good to hear.");
    }

    /** The gaps are the vendor's and are counted as its own, not as late frames of ours. */
    @Test
    void aVoiceAtHalfItsPaceIsHeardToItsEndAndTheUserMayStillCutIn() {
        TestCall call = new TestCall().run(9000);
        call.vendors.voice.trickleMillis = 120;
        call.userSays("Tell me").run(12_000);
        assertThat(call.heardByPhone()).endsWith("You said Tell me. ");
        call.userSays("And the rest").run(1000);
        call.vendors.voice.trickleMillis = 0;
        call.userSays("Stop it").run(4000);
        assertThat(call.agentSaid()).last().isEqualTo("You said Stop it.");
        assertThat(call.lateFrames).isZero();
    }

    private static long longestSilence(TestCall call, long millis) {
        long silence = 0;
        long longest = 0;
        for (long passed = 0; passed < millis; passed += 20) {
            int before = call.phone.playedBytes();
            call.run(20);
            silence = call.phone.playedBytes() > before ? 0 : silence + 20;
            longest = Math.max(longest, silence);
        }
        return longest;
    }
}
