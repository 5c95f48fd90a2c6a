package ai.callmeback.voice.mouth;

import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import org.jspecify.annotations.Nullable;

/** Watches that text given to the voice becomes sound: after a while it is late, after another it is not coming. */
final class OwedSpeech {
    /** Somebody may want to say something else meanwhile. */
    static final long LATE_MILLIS = 1_200;

    static final long SILENT_MILLIS = 3_000;

    /** After it is late: with the first try, no more than three seconds without a sound. */
    static final long LAST_CHANCE_MILLIS = 200;

    private final CallLoop loop;
    private @Nullable Timer timer;
    private Runnable whenSilent = () -> {};

    OwedSpeech(CallLoop loop) {
        this.loop = loop;
    }

    boolean isOwed() {
        return timer != null;
    }

    /** Text was given; counts from the first that nothing has been heard of. */
    void owe(Runnable whenLate, Runnable whenSilent) {
        if (timer == null) {
            this.whenSilent = whenSilent;
            timer = loop.after(LATE_MILLIS, () -> {
                timer = loop.after(SILENT_MILLIS - LATE_MILLIS, this::silent);
                whenLate.run();
            });
        }
    }

    /** What has not come in so many milliseconds from now is not coming. */
    void hurry(long millis) {
        if (timer != null) {
            timer.cancel();
            timer = loop.after(millis, this::silent);
        }
    }

    private void silent() {
        timer = null;
        whenSilent.run();
    }

    /** Sound has come, or is not wanted any more. */
    void settle() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
