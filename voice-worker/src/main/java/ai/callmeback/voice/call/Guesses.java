package ai.callmeback.voice.call;

import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.voice.mind.HangUpIntent;
import org.jspecify.annotations.Nullable;

/**
 * Answers begun on the guess that the user has said all of a turn. What a wrong guess cost stays counted: tokens and
 * characters are those of the connections, not of turns.
 */
final class Guesses {
    /** A turn with many pauses is answered on a guess so often, and then only when it is over. */
    private static final int MOST = 3;

    private record Guess(AgentTurn answer, int userTurn, String text) {}

    private final Floor floor;
    private final CallJournal journal;
    private @Nullable Guess guess;
    private int made;

    Guesses(Floor floor, CallJournal journal) {
        this.floor = floor;
        this.journal = journal;
    }

    boolean is(String text) {
        return guess != null && guess.text().equals(text);
    }

    /** Whether this turn of the user may have another. */
    boolean mayBe() {
        return made < MOST;
    }

    /** Thinks of the answer already, and has it spoken, for nobody to hear yet. */
    void make(int userTurn, String text, long lateAfterMillis) {
        made++;
        EndReason thenEnd = HangUpIntent.in(text) ? EndReason.FAREWELL : null;
        floor.conversation().userSaid(userTurn, text);
        AgentTurn answer = floor.beginHeld(thenEnd);
        guess = new Guess(answer, userTurn, text);
        floor.mind().answer(answer.number, thenEnd == null ? null : Notes.SAY_GOODBYE, lateAfterMillis);
    }

    void drop() {
        Guess dropped = guess;
        if (dropped != null) {
            guess = null;
            floor.discardHeld();
            floor.conversation().userTakesBack(dropped.userTurn());
            journal.add(CallJournal.Line.detail(
                    JournalKind.NOTE,
                    dropped.answer().number,
                    Detail.of("guess", "dropped").json()));
        }
    }

    /** The user's turn is over: the answer to it, if one was guessed and still stands. */
    @Nullable
    AgentTurn take() {
        Guess right = guess;
        guess = null;
        made = 0;
        return right == null ? null : right.answer();
    }
}
