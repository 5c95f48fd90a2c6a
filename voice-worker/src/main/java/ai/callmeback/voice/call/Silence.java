package ai.callmeback.voice.call;

import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Counts a silence of the user: after so long somebody asks whether they are there, twice, and then says goodbye. */
final class Silence {
    private static final List<Long> MILLIS = List.of(8_000L, 16_000L, 25_000L);
    private static final int PROMPTS = MILLIS.size() - 1;
    /** A prompt is given time to be answered, however long it took to say. */
    private static final long LEAST_MILLIS = 4_000;

    private static final long LOOK_AGAIN_MILLIS = 1_000;
    /** Words follow a voice sooner than this; a sound without any is a street, a radio, a phone left lying. */
    private static final int LOOKS_MOST = 5;

    private final CallLoop loop;
    private final Runnable whenDue;
    private @Nullable Timer timer;
    private int prompts;
    private int looks;
    private long sinceNanos;

    Silence(CallLoop loop, Runnable whenDue) {
        this.loop = loop;
        this.whenDue = whenDue;
    }

    /** The silence goes on, or begins: it is counted from the end of what was last said, prompts left out. */
    void begin() {
        if (prompts == 0) {
            sinceNanos = loop.nanos();
        }
        looks = 0;
        long silent = TimeUnit.NANOSECONDS.toMillis(loop.nanos() - sinceNanos);
        later(Math.max(LEAST_MILLIS, MILLIS.get(prompts) - silent));
    }

    /** It is due while the user makes a sound: looks again a little later, unless that has gone on for long; returns which. */
    boolean waitsForWords() {
        boolean waits = looks++ < LOOKS_MOST;
        if (waits) {
            later(LOOK_AGAIN_MILLIS);
        }
        return waits;
    }

    private void later(long millis) {
        stop();
        timer = loop.after(millis, whenDue);
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** The user has said something: the next silence is a new one. */
    void broken() {
        prompts = 0;
    }

    /** Whether to ask once more; if not, it is time for a goodbye. */
    boolean asksAgain() {
        return prompts < PROMPTS && ++prompts > 0;
    }
}
