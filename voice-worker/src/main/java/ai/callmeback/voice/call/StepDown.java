package ai.callmeback.voice.call;

import ai.callmeback.voice.ears.Ears;
import ai.callmeback.voice.ears.TurnTaker;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Gives the call to another worker when that is heard least: while nobody speaks and nothing is owed. If no such moment
 * comes within six seconds, the end of a sentence of the agent will do; after ten, or twenty if the call is about to end
 * anyway, any moment will. Then the phone is told to stop, and says where it did: the next worker goes on from there.
 */
final class StepDown {
    private static final long LOOK_EVERY_MILLIS = 40;
    private static final long SENTENCE_AFTER_NANOS = 6_000_000_000L;
    private static final long ANY_MOMENT_AFTER_NANOS = 10_000_000_000L;
    private static final long FAREWELL_PATIENCE_NANOS = 20_000_000_000L;
    /** The phone's answer is on the way for a few milliseconds, over a bad line for some hundred. */
    private static final long STOPPED_WITHIN_NANOS = 300_000_000L;

    private static final long LOOK_STOPPED_MILLIS = 5;

    private final CallLoop loop;
    private final Floor floor;
    private final Ears ears;
    private final TurnTaker turns;
    private final Ending ending;
    private final Runnable letGo;
    private @Nullable Timer next;
    private long begunNanos;

    StepDown(CallLoop loop, Floor floor, Ears ears, TurnTaker turns, Ending ending, Runnable letGo) {
        this.loop = loop;
        this.floor = floor;
        this.ears = ears;
        this.turns = turns;
        this.ending = ending;
        this.letGo = letGo;
    }

    /** A repeat does nothing. */
    void begin() {
        if (next == null && !ending.isOver()) {
            begunNanos = loop.nanos();
            look();
        }
    }

    void stop() {
        if (next != null) {
            next.cancel();
        }
    }

    private void look() {
        if (isMoment(loop.nanos() - begunNanos)) {
            floor.audioOut().pause();
            letGoWhenStopped(loop.nanos());
        } else {
            next = loop.after(LOOK_EVERY_MILLIS, this::look);
        }
    }

    private void letGoWhenStopped(long toldNanos) {
        boolean stopped = floor.holder() == null || floor.audioOut().isStopped();
        if (stopped || loop.nanos() - toldNanos > STOPPED_WITHIN_NANOS) {
            letGo.run();
        } else {
            next = loop.after(LOOK_STOPPED_MILLIS, () -> letGoWhenStopped(toldNanos));
        }
    }

    private boolean isMoment(long waitedNanos) {
        if (!ending.isOpen()) {
            return waitedNanos >= FAREWELL_PATIENCE_NANOS;
        }
        boolean userIsQuiet = !turns.userIsSpeaking() && !ears.userSounds();
        return (userIsQuiet && floor.holder() == null)
                || (userIsQuiet
                        && waitedNanos >= SENTENCE_AFTER_NANOS
                        && floor.isBetweenSentences()
                        && !floor.mind().isAnswering())
                || waitedNanos >= ANY_MOMENT_AFTER_NANOS;
    }
}
