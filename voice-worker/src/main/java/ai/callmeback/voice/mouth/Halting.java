package ai.callmeback.voice.mouth;

import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import org.jspecify.annotations.Nullable;

/** Words that make no clause yet are not kept for long from somebody who hears nothing else: the model may be halting. */
final class Halting {
    static final long PATIENCE_MILLIS = 1_200;

    private final CallLoop loop;
    private @Nullable Timer timer;

    Halting(CallLoop loop) {
        this.loop = loop;
    }

    /** Counts from the first time this is said; {@link #stop} ends it. */
    void watch(Runnable tooLong) {
        if (timer == null) {
            timer = loop.after(PATIENCE_MILLIS, () -> {
                timer = null;
                tooLong.run();
            });
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
