package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.stt.SttEvent;
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

    @Test
    void ofEarsThatReportWithoutEndSomeIsTakenDownAndTheCallGoesOnWithOthers() {
        TestCall call = new TestCall().run(9000);
        int before = call.journal.size();
        call.vendors.ears.starts("and");
        for (int i = 0; i < 20_000; i++) {
            call.vendors.ears.hear(new SttEvent.Update(0, "and " + i, 0));
        }
        // The connection that takes its place floods as well; the third comes only a moment later.
        assertThat(call.journal.size() - before).isLessThan(500);
        call.run(8000);
        assertThat(call.vendors.ears.opened).isEqualTo(3);
        call.userSays("Are you there").run(2000);
        assertThat(call.agentSaid()).last().isEqualTo("You said Are you there.");
    }

    @Test
    void aTranscriptWithoutEndIsTakenInUpToABound() {
        TestCall call = new TestCall().run(9000);
        call.userSays("word ".repeat(100_000)).run(2000);
        assertThat(call.journal)
                .filteredOn(line -> line.kind() == JournalKind.USER_SAID)
                .last()
                .satisfies(line -> assertThat(line.text()).hasSizeLessThanOrEqualTo(16_000));
        assertThat(call.ended).isEmpty();
    }
}
