package ai.callmeback.voice.call;

import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.vendors.VendorFault;
import ai.callmeback.voice.ears.Ears;
import ai.callmeback.voice.ears.TurnTaker;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import ai.callmeback.voice.mind.HangUpIntent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the agent says next, and when: the first words, the answer to a turn of the user, something into a long
 * silence, the warnings as time runs out, the farewell.
 */
final class Dialogue implements TimeKeeper.Listener {
    /** Into a silence of the user somebody asks whether they are there, twice, and then says goodbye. */
    private static final List<Long> IDLE_MILLIS = List.of(8_000L, 16_000L, 25_000L);

    private static final int IDLE_PROMPTS = IDLE_MILLIS.size() - 1;
    /** A prompt is given time to be answered, however long it took to say. */
    private static final long IDLE_LEAST_MILLIS = 4_000;

    private static final long LATE_AFTER_MILLIS = 1200;
    private static final long LEAST_LATE_AFTER_MILLIS = 200;
    private static final int MODEL_FAILURES_MOST = 3;
    /** A turn with many pauses is answered on a guess so often, and then only when it is over. */
    private static final int GUESSES_MOST = 3;

    private static final String SAY_GOODBYE =
            "The person wants to end the call. Say a short, warm goodbye in your own words and call end_call.";
    private static final String GO_ON = "The line was lost for a moment and you were cut off in the middle of your last"
            + " sentence. You have just said \"Sorry, where was I?\". Go on where you were cut off, in a sentence or two.";

    private static final String GO_ON_QUIETLY =
            "You paused after your last sentence. Go on with what you were saying, in a sentence or two, as if there had"
                    + " been no pause.";

    private final CallLoop loop;
    private final Floor floor;
    private final Ears ears;
    private final TurnTaker turns;
    private final Ending ending;
    private final LegAccount account;
    private final Phrases phrases;
    private final CallJournal journal;
    private final Consumer<EndReason> hangUp;
    /** The answer to what the user has said, if that was all. */
    private record Guess(AgentTurn answer, int userTurn, String text) {}

    private @Nullable Timer idle;
    private @Nullable Guess guess;
    private int guesses;
    private int idlePrompts;
    private long silentSinceNanos;
    private int userTurn;
    private int modelFailures;
    private boolean warningDue;
    private boolean farewellDue;

    Dialogue(
            CallLoop loop,
            Floor floor,
            Ears ears,
            TurnTaker turns,
            Ending ending,
            LegAccount account,
            Phrases phrases,
            CallJournal journal,
            Consumer<EndReason> hangUp) {
        this.loop = loop;
        this.floor = floor;
        this.ears = ears;
        this.turns = turns;
        this.ending = ending;
        this.account = account;
        this.phrases = phrases;
        this.journal = journal;
        this.hangUp = hangUp;
    }

    /** The first words of this leg. */
    void open(CallSetup setup) {
        if (!setup.handOver()) {
            say(phrases.opening(), true, null);
        } else if (floor.conversation().answerIsDue()) {
            answer(0, null, LATE_AFTER_MILLIS);
        } else if (setup.steppedDown()) {
            goOnQuietly();
        } else if (floor.conversation().agentWasCutOff()) {
            AgentTurn turn = begin(0, true, null);
            floor.mouth().phrase(turn.number, phrases.resumeOwnWords());
            floor.mind().answer(turn.number, GO_ON, LATE_AFTER_MILLIS);
        } else {
            say(phrases.resumeListening(), true, null);
        }
    }

    /** Nobody noticed that the worker changed: the rest of a turn is said, if there is one, and else nothing. */
    private void goOnQuietly() {
        if (floor.conversation().agentWasCutOff()) {
            floor.mind().answer(begin(0, true, null).number, GO_ON_QUIETLY, LATE_AFTER_MILLIS);
        } else {
            idleOn();
        }
    }

    /** Nothing more is said. */
    void stop() {
        dropGuess();
        floor.cut();
        stopIdling();
    }

    /** Says goodbye, lets it be heard to its end, and hangs up. A repeat does nothing. */
    void sayGoodbye(EndReason reason) {
        if (ending.isOpen()) {
            floor.cut();
            say(phrases.farewell(), false, reason);
        }
    }

    /** There is more time, or less: what was to be said about the end no longer holds. */
    void timeChanged() {
        farewellDue = false;
        warningDue = false;
    }

    // ---- the user --------------------------------------------------------------------------------------------------

    void userTakesTurn() {
        stopIdling();
        AgentTurn turn = floor.holder();
        if (turn != null && turn.interruptible) {
            ending.plan(null);
            floor.cut();
        }
    }

    void userPartial(String text) {
        if (guess != null && !guess.text().equals(text)) {
            dropGuess();
        }
        userTurn = userTurn == 0 ? floor.conversation().nextTurn() : userTurn;
        journal.add(CallJournal.Line.text(JournalKind.USER_PARTIAL, userTurn, text));
    }

    /** Thinks of the answer already, and has it spoken, for nobody to hear yet. */
    void userProbablyDone(String text) {
        if (guess != null && guess.text().equals(text)) {
            return;
        }
        dropGuess();
        boolean free = ending.isOpen() && floor.holder() == null && !farewellDue && !warningDue;
        if (!free || userTurn == 0 || guesses >= GUESSES_MOST) {
            return;
        }
        guesses++;
        EndReason thenEnd = HangUpIntent.in(text) ? EndReason.FAREWELL : null;
        floor.conversation().userSaid(userTurn, text);
        AgentTurn answer = floor.beginHeld(thenEnd);
        guess = new Guess(answer, userTurn, text);
        floor.mind().answer(answer.number, thenEnd == null ? null : SAY_GOODBYE, LATE_AFTER_MILLIS);
    }

    void userGoesOn() {
        dropGuess();
    }

    /** What the guess cost stays counted: tokens and characters are those of the connections, not of turns. */
    private void dropGuess() {
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

    void userTurnEnded(Frame.UserTurnEnded ended) {
        int turn = userTurn == 0 ? floor.conversation().nextTurn() : userTurn;
        boolean wasGuessed = guess != null && guess.text().equals(ended.text());
        if (!wasGuessed || !ending.isOpen() || farewellDue) {
            dropGuess();
        }
        Guess right = guess;
        guess = null;
        guesses = 0;
        userTurn = 0;
        idlePrompts = 0;
        account.userSaid(ended.text());
        journal.add(CallJournal.Line.text(JournalKind.USER_SAID, turn, ended.text()));
        if (right != null) {
            release(right.answer(), ended);
            return;
        }
        floor.conversation().userSaid(turn, ended.text());
        if (!ending.isOpen()) {
            return;
        }
        floor.cut();
        if (farewellDue) {
            say(phrases.farewell(), false, EndReason.TIME_UP);
            return;
        }
        answer(ended.endedAtNanos(), HangUpIntent.in(ended.text()) ? EndReason.FAREWELL : null, lateAfter(ended));
    }

    private void release(AgentTurn answer, Frame.UserTurnEnded ended) {
        stopIdling();
        ending.plan(answer.thenEnd);
        floor.release(answer, ended.endedAtNanos());
        if (answer.saidNothingYet()) {
            loop.after(lateAfter(ended), () -> modelIsLate(answer.number));
        }
    }

    /** The user's wait began with the last word, not when the vendor was sure that it was the last. */
    private static long lateAfter(Frame.UserTurnEnded ended) {
        return Math.max(LEAST_LATE_AFTER_MILLIS, LATE_AFTER_MILLIS - ended.quietMillis());
    }

    // ---- the agent -------------------------------------------------------------------------------------------------

    private void answer(long askedAtNanos, @Nullable EndReason thenEnd, long lateAfterMillis) {
        AgentTurn turn = begin(askedAtNanos, true, thenEnd);
        if (warningDue) {
            warningDue = false;
            turn.warns = true;
            floor.mouth().phrase(turn.number, phrases.timeWarning());
        }
        floor.mind().answer(turn.number, thenEnd == EndReason.FAREWELL ? SAY_GOODBYE : null, lateAfterMillis);
    }

    /** Says a fixed text as a turn of its own. */
    private AgentTurn say(String text, boolean interruptible, @Nullable EndReason thenEnd) {
        AgentTurn turn = begin(0, interruptible, thenEnd);
        floor.mouth().words(turn.number, text);
        floor.mouth().finish(turn.number);
        return turn;
    }

    private AgentTurn begin(long askedAtNanos, boolean interruptible, @Nullable EndReason thenEnd) {
        stopIdling();
        dropGuess();
        ending.plan(thenEnd);
        return floor.begin(askedAtNanos, interruptible, thenEnd);
    }

    private void warn() {
        warningDue = false;
        say(phrases.timeWarning(), true, null).warns = true;
    }

    void words(Frame.Words words) {
        if (floor.turn(words.turn()) != null) {
            modelFailures = 0;
            floor.words(words);
        }
    }

    void endCallAsked(int number) {
        AgentTurn turn = floor.turn(number);
        if (turn != null) {
            endAfter(turn, EndReason.FAREWELL);
            if (turn.saidNothingYet()) {
                floor.mouth().words(number, phrases.farewell());
            }
        }
    }

    private void endAfter(AgentTurn turn, EndReason reason) {
        turn.thenEnd = reason;
        if (!floor.isHeld(turn)) {
            ending.plan(reason);
        }
    }

    void modelIsLate(int number) {
        AgentTurn turn = floor.holder();
        if (turn != null && turn.number == number && turn.saidNothingYet() && turn.fillerSaid()) {
            floor.mouth().phrase(number, phrases.filler());
        }
    }

    void modelFailed(Frame.ModelFailed failed) {
        AgentTurn turn = floor.turn(failed.turn());
        if (turn == null) {
            return;
        }
        modelFailures++;
        if (!failed.spoken()) {
            floor.mouth().words(turn.number, phrases.trouble());
        }
        if (modelFailures >= MODEL_FAILURES_MOST) {
            account.vendorFailed();
            endAfter(turn, EndReason.VENDOR_FAULT);
        }
        floor.mouth().finish(turn.number);
    }

    /** The voice is gone: nothing can be said. The ears are gone: say so, then end. */
    void vendorLost(VendorFault fault) {
        account.vendorFailed();
        if (fault.vendor().equals("deepgram") && ending.planned() == null) {
            floor.cut();
            say(phrases.trouble(), false, EndReason.VENDOR_FAULT);
        } else {
            hangUp.accept(EndReason.VENDOR_FAULT);
        }
    }

    void turnSettled(Frame.TurnSettled settled) {
        Floor.Settled done = floor.settled(settled);
        if (done == null) {
            return;
        }
        account.turnOver();
        if (!done.complete()) {
            // A warning the user talked over was not given.
            warningDue |= done.turn().warns;
        }
        if (done.wasHolding()) {
            afterTurn(done.turn());
        }
    }

    private void afterTurn(AgentTurn turn) {
        if (turn.thenEnd != null) {
            hangUp.accept(turn.thenEnd);
        } else if (farewellDue) {
            say(phrases.farewell(), false, EndReason.TIME_UP);
        } else if (warningDue && !turns.userIsSpeaking()) {
            warn();
        } else {
            idleOn();
        }
    }

    // ---- silence ---------------------------------------------------------------------------------------------------

    /** The silence goes on, or begins: it is counted from the end of what was last said, prompts left out. */
    private void idleOn() {
        if (idlePrompts == 0) {
            silentSinceNanos = loop.nanos();
        }
        long silent = TimeUnit.NANOSECONDS.toMillis(loop.nanos() - silentSinceNanos);
        idleLater(Math.max(IDLE_LEAST_MILLIS, IDLE_MILLIS.get(idlePrompts) - silent));
    }

    private void idleLater(long millis) {
        stopIdling();
        idle = loop.after(millis, this::onIdle);
    }

    private void stopIdling() {
        if (idle != null) {
            idle.cancel();
            idle = null;
        }
    }

    private void onIdle() {
        if (!ending.isTalking() || floor.holder() != null || turns.userIsSpeaking()) {
            return;
        }
        if (ears.userSounds()) {
            idleLater(1000);
        } else if (idlePrompts < IDLE_PROMPTS) {
            idlePrompts++;
            say(phrases.idlePrompt(), true, null);
        } else {
            say(phrases.farewell(), true, EndReason.IDLE);
        }
    }

    // ---- time ------------------------------------------------------------------------------------------------------

    @Override
    public void onTimeIsShort(int secondsLeft) {
        if (!ending.isOpen()) {
            return;
        }
        if (floor.holder() == null && !turns.userIsSpeaking()) {
            warn();
        } else {
            warningDue = true;
        }
    }

    @Override
    public void onTimeForFarewell() {
        farewellDue = true;
        if (ending.isOpen() && floor.holder() == null && !turns.userIsSpeaking()) {
            say(phrases.farewell(), false, EndReason.TIME_UP);
        }
    }

    @Override
    public void onLastWords() {
        sayGoodbye(EndReason.TIME_UP);
    }

    @Override
    public void onHardStop() {
        hangUp.accept(EndReason.TIME_UP);
    }
}
