package ai.callmeback.voice.call;

import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.voice.ears.Ears;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A sound of the user while the agent speaks: it may be the first word of an interruption or a cough. The phone is told
 * to stop at once, and words decide. If they take the turn it is cut; if none do within a second and a half, or it has
 * been quiet for long enough that they would have come, the agent goes on where the phone stopped.
 *
 * <p>After two sounds that were nothing the level is not believed any more in this turn, and only words stop it: the
 * phone may be in a noisy place, or hear itself.
 */
final class Doubt {
    /** A click is shorter, a syllable is not. */
    private static final long SOUND_MILLIS = 80;

    private static final long WORDS_WITHIN_MILLIS = 1500;
    /** Words reach us about so long after they were said. */
    private static final long QUIET_MILLIS = 350;

    private static final long LOOK_EVERY_MILLIS = 60;
    private static final int MOST_PER_TURN = 2;

    private final CallLoop loop;
    private final Floor floor;
    private final Ears ears;
    private final CallJournal journal;
    private @Nullable AgentTurn stopped;
    private @Nullable AgentTurn listenedTo;
    private boolean wasQuiet;
    private @Nullable Timer next;
    private long sinceNanos;

    Doubt(CallLoop loop, Floor floor, Ears ears, CallJournal journal) {
        this.loop = loop;
        this.floor = floor;
        this.ears = ears;
        this.journal = journal;
    }

    /** To be called after each piece of the user's audio. */
    void listen() {
        AgentTurn turn = floor.holder();
        if (turn != listenedTo) {
            listenedTo = turn;
            wasQuiet = false;
        }
        wasQuiet |= ears.soundMillis() == 0;
        if (stopped != null || !wasQuiet || ears.soundMillis() < SOUND_MILLIS) {
            return;
        }
        // A sound that was there before the turn, or before the last doubt, is no news.
        wasQuiet = false;
        if (turn != null && turn.interruptible && turn.doubt(MOST_PER_TURN)) {
            stopped = turn;
            sinceNanos = loop.nanos();
            floor.audioOut().pause();
            lookLater();
        }
    }

    void stop() {
        stopped = null;
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    private void lookLater() {
        next = loop.after(LOOK_EVERY_MILLIS, this::look);
    }

    private void look() {
        if (floor.holder() != stopped) {
            stop();
            return;
        }
        long waited = TimeUnit.NANOSECONDS.toMillis(loop.nanos() - sinceNanos);
        if (waited < WORDS_WITHIN_MILLIS && ears.quietMillis() < QUIET_MILLIS) {
            lookLater();
            return;
        }
        journal.add(CallJournal.Line.detail(
                JournalKind.NOTE, 0, Detail.of("falseInterruptionMs", waited).json()));
        stop();
        floor.audioOut().resume();
    }
}
