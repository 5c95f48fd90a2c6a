package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.llm.LlmEvent;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Vendors that give far more than was asked for: the call goes on, and what waits is bounded. */
class VendorFloodTest {
    @Test
    void ofAModelThatNeverStopsOnlySoMuchIsSpokenAhead() {
        TestCall call = new TestCall().run(9000);
        int before = call.vendors.voice.said.size();
        call.vendors.mind.answers =
                said -> Collections.nCopies(20_000, new LlmEvent.Delta("And on and on it goes, you know. "));
        call.userSays("Tell me").run(1000);
        assertThat(call.vendors.voice.said.size() - before).isLessThan(12);
        call.vendors.mind.answers = said -> List.of(new LlmEvent.Delta("All right."));
        call.userSays("Stop it").run(2000);
        assertThat(call.agentSaid()).last().isEqualTo("All right.");
    }

    @Test
    void ofAModelThatNeverBreathesTheSame() {
        TestCall call = new TestCall().run(9000);
        call.vendors.mind.answers = said -> Collections.nCopies(500, new LlmEvent.Delta("on".repeat(500)));
        call.userSays("Tell me").run(1000);
        call.vendors.mind.answers = said -> List.of(new LlmEvent.Delta("All right."));
        call.userSays("Stop it").run(2000);
        assertThat(call.agentSaid()).last().isEqualTo("All right.");
    }

    @Test
    void aVoiceThatRepeatsItselfIsCutOffByTheUserAllTheSame() {
        TestCall call = new TestCall().run(9000);
        call.vendors.voice.timesOver = 500;
        call.userSays("Tell me").run(3000);
        call.vendors.voice.timesOver = 1;
        call.userSays("Stop it").run(2000);
        assertThat(call.heardByPhone()).endsWith("You said Stop it. ");
    }
}
