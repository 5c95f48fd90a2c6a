package ai.callmeback.voice.mouth;

import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import org.jspecify.annotations.Nullable;

/** Watches that text given to the voice becomes sound: after a while it is late, after another it is not coming. */
final class OwedSpeech {
    /** Somebody may want to say something else meanwhile. */
    static final long LATE_MILLIS = 1_200;

    /** In all, if something else is said meanwhile. */
    static final long SILENT_MILLIS = 3_000;

    private final CallLoop loop;
    private @Nullable Timer timer;
    private Runnable whenSilent = () -> {};

    OwedSpeech(CallLoop loop) {
        this.loop = loop;
    }

    boolean isOwed() {
        return timer != null;
    }

    /**
     * Sound is expected from now on; nothing happens if it is expected already.
     *
     * @param aheadMillis of sound that is there already: while it plays nobody waits
     * @param patienceMillis after which it is not coming
     */
    void owe(long aheadMillis, long patienceMillis, Runnable whenLate, Runnable whenSilent) {
        if (timer != null) {
            return;
        }
        this.whenSilent = whenSilent;
        long late = aheadMillis + LATE_MILLIS;
        if (patienceMillis <= late) {
            timer = loop.after(patienceMillis, this::silent);
        } else {
            timer = loop.after(late, () -> {
                timer = loop.after(patienceMillis - late, this::silent);
                whenLate.run();
            });
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
