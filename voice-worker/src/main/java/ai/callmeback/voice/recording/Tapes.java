package ai.callmeback.voice.recording;

import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.voice.loop.CallLoop;

/** Opens the tape of a leg. */
@FunctionalInterface
public interface Tapes {
    /** On the call's loop; waits for nothing. A call that is not to be recorded gets a tape that takes nothing. */
    Tape open(CallLoop loop, CallSetup leg);

    /** Records nobody. */
    static Tapes none() {
        return (loop, leg) -> new Tape() {
            @Override
            public void heard(long timestampMillis, byte[] mulaw, int length) {}

            @Override
            public void said(byte[] mulaw, int offset, int length) {}

            @Override
            public void cleared() {}

            @Override
            public void close() {}
        };
    }
}
