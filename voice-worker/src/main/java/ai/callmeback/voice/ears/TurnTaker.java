package ai.callmeback.voice.ears;

import ai.callmeback.vendors.stt.SttEvent;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides from what speech-to-text reports when the user takes the turn and when it is over.
 *
 * <p>No turn hangs: after its last word the vendor is asked to end it, and half a second later it is over whatever the
 * vendor says. That is after three seconds if the speaker seems to look for words, and after less than half of that if
 * not: by then the line would feel dead. A backchannel while the agent holds the floor takes no turn.
 * One that outlasts the agent's turn is an answer.
 *
 * <p>When the vendor thinks that a turn is probably over, and the words make a whole sentence, it is over: waiting for
 * the vendor to be sure would cost a fifth of a second in most turns. If the user goes on all the same, that is a turn of
 * its own, and takes the floor back. If the words do not sound finished, the answer is only prepared.
 *
 * <p>An engine that ends turns by silence alone ends many too early. When it does, the answer is prepared, and {@link
 * Thoughts} are asked meanwhile: if the thought is unfinished the turn stays open for the rest of it, three seconds after
 * its last word at the most; if nobody knows, it is over as the engine said.
 *
 * <p>A turn has at most {@value #LONGEST_TURN_CHARACTERS} characters; what goes beyond is not taken in.
 */
public final class TurnTaker {
    private static final long FORCE_AFTER_MILLIS = 3000;
    private static final long FORCE_UNLESS_HESITANT_AFTER_MILLIS = 1400;
    /** Longer than a vendor takes to hear again what it missed, as a rule. */
    private static final long RECONNECT_MILLIS = 2000;

    private static final long GIVE_UP_AFTER_MILLIS = 500;
    /** Some twenty minutes of talk without a pause; what a turn has beyond it is not taken in. */
    static final int LONGEST_TURN_CHARACTERS = 16_000;

    private final CallLoop loop;
    private final Listener listener;
    private final Thoughts thoughts;
    private boolean agentHasFloor;
    private boolean open;
    private boolean taken;
    private int turnIndex = -1;
    private int overIndex = -1;
    /** Words of the vendor's turn {@link #overIndex} that belong to turns that are over. */
    private int wordsOver;

    private String carried = "";
    private String transcript = "";
    /** What was known of the turn when its connection broke; holds until as much has been heard again. */
    private String known = "";

    private long lastWordsNanos;
    private @Nullable Timer force;
    /** The engine has ended the turn, and whether the thought is finished is not known yet. */
    private boolean asking;
    /** The engine was told to end the turn: nobody need be asked. */
    private boolean forced;

    public TurnTaker(CallLoop loop, Listener listener, Thoughts thoughts) {
        this.loop = loop;
        this.listener = listener;
        this.thoughts = thoughts;
    }

    /** What the turn taker decides. */
    public interface Listener {
        /** The user says something that counts. */
        void onUserTakesTurn();

        /** The whole of the user's turn so far, whenever it grows. */
        void onPartial(String text);

        /** @param quietMillis since its last words came */
        void onUserTurnEnded(String text, long atNanos, long quietMillis);

        /** The user's turn is probably over, with this text; it is not unless {@link #onUserTurnEnded} follows. */
        void onUserProbablyDone(String text);

        /** The user's turn was not over after all. */
        void onUserGoesOn();

        /** A backchannel: the agent goes on. */
        void onBackchannel(String text);

        /** The vendor should end the turn now. */
        void onForceEndTurn();
    }

    /** The agent thinks or speaks: a backchannel takes no turn from it. */
    public void agentHasFloor(boolean holds) {
        agentHasFloor = holds;
    }

    /** Whether words of the user are coming in. */
    public boolean userIsSpeaking() {
        return open && taken;
    }

    /** Takes one event; connection events are no business of turns. */
    public void onEvent(SttEvent event) {
        switch (event) {
            case SttEvent.StartOfTurn start -> words(start.turnIndex(), start.transcript());
            case SttEvent.Update update -> words(update.turnIndex(), update.transcript());
            case SttEvent.EagerEndOfTurn eager -> {
                words(eager.turnIndex(), eager.transcript());
                if (open && taken && eager.turnIndex() == turnIndex) {
                    probablyDone();
                }
            }
            case SttEvent.TurnResumed resumed -> {
                listener.onUserGoesOn();
                words(resumed.turnIndex(), resumed.transcript());
            }
            case SttEvent.EndOfTurn end -> {
                words(end.turnIndex(), end.transcript());
                // The vendor has heard all of it, and says so: its word goes before what we knew.
                known = "";
                if (end.turnIndex() == turnIndex && open) {
                    if (taken && !forced && thoughts.areWanted()) {
                        askWhetherFinished();
                    } else {
                        over();
                    }
                }
            }
            case SttEvent.Opened opened -> {}
            case SttEvent.Closed closed -> {}
        }
    }

    /**
     * The connection was replaced: turns count from 0 again.
     *
     * @param heardAgain all audio of an open turn is heard again, so its words come anew; else they are kept
     */
    public void reconnected(boolean heardAgain) {
        stopAsking();
        known = open ? full() : "";
        carried = heardAgain ? "" : known;
        transcript = "";
        turnIndex = -1;
        overIndex = -1;
        wordsOver = 0;
        if (open) {
            forceLater(FORCE_AFTER_MILLIS + RECONNECT_MILLIS, this::askToEnd);
        }
    }

    /** Stops all timers. */
    public void close() {
        stopForcing();
        stopAsking();
        open = false;
    }

    private void askWhetherFinished() {
        stopForcing();
        asking = true;
        listener.onUserProbablyDone(full());
        thoughts.ask(full(), verdict -> {
            asking = false;
            if (verdict == Thoughts.Verdict.UNFINISHED) {
                keepOpen();
            } else {
                over();
            }
        });
    }

    /** More is to come, in turns of the engine's own. */
    private void keepOpen() {
        carried = full();
        transcript = "";
        long quietMillis = TimeUnit.NANOSECONDS.toMillis(loop.nanos() - lastWordsNanos);
        forceLater(Math.max(1, FORCE_AFTER_MILLIS - quietMillis), this::over);
    }

    private void stopAsking() {
        if (asking) {
            asking = false;
            thoughts.cancel();
        }
    }

    private void probablyDone() {
        String said = full();
        if (Finished.sounds(said)) {
            listener.onForceEndTurn();
            over();
        } else {
            listener.onUserProbablyDone(said);
        }
    }

    private void words(int index, String reported) {
        String whole =
                reported.length() > LONGEST_TURN_CHARACTERS ? reported.substring(0, LONGEST_TURN_CHARACTERS) : reported;
        String text = index == overIndex ? rest(whole) : whole;
        if (text.isBlank()) {
            return;
        }
        if (asking && index != turnIndex) {
            stopAsking();
            keepOpen();
            listener.onUserGoesOn();
        }
        boolean news = !open || index != turnIndex || !text.equals(transcript);
        if (!news) {
            return;
        }
        open = true;
        turnIndex = index;
        transcript = text;
        lastWordsNanos = loop.nanos();
        forced = false;
        forceLater(Finished.hesitates(text) ? FORCE_AFTER_MILLIS : FORCE_UNLESS_HESITANT_AFTER_MILLIS, this::askToEnd);
        if (!taken && !(agentHasFloor && Backchannel.maybe(full()))) {
            taken = true;
            listener.onUserTakesTurn();
        }
        if (taken) {
            listener.onPartial(full());
        }
    }

    private void askToEnd() {
        forced = true;
        forceLater(GIVE_UP_AFTER_MILLIS, this::over);
        listener.onForceEndTurn();
    }

    private void over() {
        stopForcing();
        if (!open) {
            return;
        }
        String said = full();
        boolean counts = taken || !agentHasFloor || !Backchannel.is(said);
        open = false;
        taken = false;
        forced = false;
        wordsOver = (overIndex == turnIndex ? wordsOver : 0) + count(transcript);
        overIndex = turnIndex;
        carried = "";
        known = "";
        transcript = "";
        if (counts) {
            long now = loop.nanos();
            listener.onUserTurnEnded(said, now, TimeUnit.NANOSECONDS.toMillis(now - lastWordsNanos));
        } else {
            listener.onBackchannel(said);
        }
    }

    /** What was said in a turn of the vendor's after the words that were taken for all of it. */
    private String rest(String whole) {
        String text = whole.strip();
        for (int skipped = 0; skipped < wordsOver; skipped++) {
            int space = text.indexOf(' ');
            if (space < 0) {
                return "";
            }
            text = text.substring(space + 1).strip();
        }
        return text;
    }

    private static int count(String text) {
        return text.isBlank() ? 0 : text.strip().split("\\s+", -1).length;
    }

    private String full() {
        String heard = carried.isEmpty() ? transcript : (carried + " " + transcript).strip();
        String longer = heard.length() < known.length() ? known : heard;
        return longer.length() > LONGEST_TURN_CHARACTERS ? longer.substring(0, LONGEST_TURN_CHARACTERS) : longer;
    }

    private void forceLater(long millis, Runnable task) {
        stopForcing();
        force = loop.after(millis, task);
    }

    private void stopForcing() {
        if (force != null) {
            force.cancel();
            force = null;
        }
    }
}
