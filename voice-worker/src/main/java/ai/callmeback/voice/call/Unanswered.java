package ai.callmeback.voice.call;

import ai.callmeback.voice.ears.Ears;
import ai.callmeback.voice.ears.TurnTaker;

/**
 * The user has made a sound, nobody else speaks, and not a word of it has been reported. After a second of quiet the ears are
 * doubted: the other engine hears it again. If by {@value #COVER_AFTER_MILLIS} ms nobody can be relied on to have heard it, or
 * the rest of a turn, or if it was as long as a sentence and the other engine has no word of it yet either, the agent says that
 * it did not get that, so that no fault of the ears makes a silence of three seconds.
 */
final class Unanswered {
    static final long DOUBT_AFTER_MILLIS = 1_000;
    static final long COVER_AFTER_MILLIS = 2_400;
    /** A click is shorter, a syllable is not. */
    private static final long SOUND_MILLIS = 120;
    /** A cough is shorter, a sentence is not. */
    private static final int SENTENCE_PIECES = 20;

    private final Floor floor;
    private final Ears ears;
    private final TurnTaker turns;
    private final Runnable cover;
    private boolean sounded;
    private boolean doubted;
    private boolean covered;
    private int reports;
    private int pieces;

    /** @param cover lets the agent say that it did not hear the user, if it may speak now */
    Unanswered(Floor floor, Ears ears, TurnTaker turns, Runnable cover) {
        this.floor = floor;
        this.ears = ears;
        this.turns = turns;
        this.cover = cover;
    }

    /** To be called after each piece of the user's audio. */
    void listen() {
        if (floor.holder() != null || ears.reports() != reports) {
            reports = ears.reports();
            sounded = false;
            doubted = false;
            pieces = 0;
        } else if (ears.soundMillis() >= SOUND_MILLIS) {
            sounded = true;
            covered = false;
            pieces++;
        }
        if (floor.holder() != null) {
            return;
        }
        if (sounded && !doubted && ears.quietMillis() >= DOUBT_AFTER_MILLIS) {
            doubted = true;
            ears.doubt();
        }
        boolean waits = sounded || turns.userIsSpeaking();
        boolean late = pieces >= SENTENCE_PIECES && ears.seekOpinion();
        if (waits && !covered && ears.quietMillis() >= COVER_AFTER_MILLIS && (late || ears.areInDoubt())) {
            covered = true;
            cover.run();
        }
    }
}
