package ai.callmeback.voice.ears;

import ai.callmeback.vendors.stt.SttSession;
import ai.callmeback.voice.audio.LevelVad;
import io.netty.buffer.ByteBufAllocator;

/** Sends what waited for a connection: a quarter more than comes in, quiet passed over, until nothing waits. */
final class CatchUp {
    private static final int FRAME_BYTES = 160;

    private final ReplayBuffer recent;
    private final byte[] frame = new byte[FRAME_BYTES];
    private LevelVad vad = new LevelVad();
    private long allowance;
    private boolean underWay;

    CatchUp(ReplayBuffer recent) {
        this.recent = recent;
    }

    /** A new connection takes audio. */
    void begin() {
        underWay = recent.waiting() > 0;
        vad = new LevelVad();
        allowance = 0;
    }

    boolean isUnderWay() {
        return underWay;
    }

    /** So much came in meanwhile. */
    void send(SttSession session, ByteBufAllocator allocator, int cameIn) {
        allowance += cameIn + cameIn / 4;
        while (allowance >= FRAME_BYTES && recent.waiting() > 0) {
            int length = recent.take(frame, FRAME_BYTES);
            if (vad.accept(frame, length)) {
                allowance -= length;
                session.sendAudio(allocator.buffer(length).writeBytes(frame, 0, length));
            }
        }
        underWay = recent.waiting() > 0;
    }
}
