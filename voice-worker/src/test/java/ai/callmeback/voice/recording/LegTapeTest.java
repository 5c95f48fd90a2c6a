package ai.callmeback.voice.recording;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.recording.SoundChunk;
import ai.callmeback.domain.CallId;
import ai.callmeback.voice.call.TestCall;
import ai.callmeback.voice.call.VirtualTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LegTapeTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final int FRAME = 160;
    private static final byte QUIET = (byte) 0xFF;

    private final VirtualTime time = new VirtualTime();
    private final List<SoundChunk> kept = new ArrayList<>();
    private final LegTape tape = new LegTape(time.loop(), TestCall.setup(new CallId(new UUID(0, 9))), START, kept::add);

    @Test
    void bothSidesStandWhereTheyWereHeardInTime() {
        tape.record();
        // The stream's clock has run before the leg began; the user speaks throughout.
        for (int i = 0; i < 150; i++) {
            tape.heard(500 + i * 20L, frame(1), FRAME);
            if (i == 50) {
                // Two frames at once: the phone plays them one after the other.
                tape.said(frame(2), 0, FRAME);
                tape.said(frame(3), 0, FRAME);
            }
            time.pass(20);
        }
        tape.close();

        assertThat(kept).extracting(SoundChunk::number).containsExactly(0, 1);
        assertThat(kept).extracting(SoundChunk::startsAt).containsExactly(START, START.plusSeconds(2));
        assertThat(kept).extracting(SoundChunk::samples).containsExactly(16_000, 8_000);
        assertThat(user(kept.get(0))).containsOnly((byte) 1);
        assertThat(user(kept.get(1))).containsOnly((byte) 1);
        byte[] agent = agent(kept.get(0));
        assertThat(Arrays.copyOfRange(agent, 0, 8_000)).containsOnly(QUIET);
        assertThat(Arrays.copyOfRange(agent, 8_000, 8_160)).containsOnly((byte) 2);
        assertThat(Arrays.copyOfRange(agent, 8_160, 8_320)).containsOnly((byte) 3);
        assertThat(Arrays.copyOfRange(agent, 8_320, 16_000)).containsOnly(QUIET);
    }

    @Test
    void whatThePhoneWasToldToDropWasNeverHeard() {
        tape.record();
        tape.heard(0, frame(1), FRAME);
        for (int i = 0; i < 20; i++) {
            tape.said(frame(2), 0, FRAME);
        }
        time.pass(100);
        tape.cleared();
        tape.said(frame(3), 0, FRAME);
        time.pass(20);
        tape.close();

        byte[] agent = agent(kept.getFirst());
        assertThat(Arrays.copyOfRange(agent, 0, 800)).containsOnly((byte) 2);
        assertThat(Arrays.copyOfRange(agent, 800, 960)).containsOnly((byte) 3);
        assertThat(Arrays.copyOfRange(agent, 960, agent.length)).containsOnly(QUIET);
    }

    @Test
    void nothingIsKeptWithoutConsentNorAfterTheEnd() {
        tape.heard(0, frame(1), FRAME);
        tape.said(frame(1), 0, FRAME);
        tape.cleared();
        tape.close();
        tape.record();
        tape.heard(20, frame(1), FRAME);
        tape.close();

        assertThat(kept).isEmpty();
    }

    @Test
    void soundIsGivenAwayASecondAfterItsTimeAndLateFramesAreLeftOut() {
        tape.record();
        for (int i = 0; i < 160; i++) {
            tape.heard(i * 20L, frame(1), FRAME);
            time.pass(20);
        }
        assertThat(kept).hasSize(1);
        tape.heard(40, frame(7), FRAME);
        tape.heard(Integer.MAX_VALUE, frame(7), FRAME);
        tape.close();
        assertThat(kept).extracting(SoundChunk::number).containsExactly(0, 1);
        assertThat(user(kept.get(0))).doesNotContain((byte) 7);
        assertThat(user(kept.get(1))).doesNotContain((byte) 7);
    }

    private static byte[] frame(int sample) {
        byte[] frame = new byte[FRAME];
        Arrays.fill(frame, (byte) sample);
        return frame;
    }

    private static byte[] user(SoundChunk chunk) {
        return Arrays.copyOfRange(chunk.sound(), 0, chunk.samples());
    }

    private static byte[] agent(SoundChunk chunk) {
        return Arrays.copyOfRange(chunk.sound(), chunk.samples(), 2 * chunk.samples());
    }
}
