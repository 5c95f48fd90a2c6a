package ai.callmeback.voice.call;

import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.voice.ears.Ears;
import ai.callmeback.voice.ears.TurnTaker;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.mind.HangUpIntent;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the agent says next, and when: the first words, the answer to a turn of the user, something into a long
 * silence, the warnings as time runs out, the farewell.
 */
final class Dialogue implements TimeKeeper.Listener {
    static final long LATE_AFTER_MILLIS = 1200;
    private static final long LEAST_LATE_AFTER_MILLIS = 200;

    private final CallLoop loop;
    private final Floor floor;
    private final Ears ears;
    private final TurnTaker turns;
    private final Ending ending;
    private final LegAccount account;
    private final Phrases phrases;
    private final ToolUse toolUse;
    private final Succession succession;
    private final CallJournal journal;
    private final Consumer<EndReason> hangUp;
    private final Silence silence;
    private final Trouble trouble;
    private final Guesses guesses;
    private Predicate<String> machine = text -> false;
    private int userTurn;
    private boolean warningDue;
    private long endsAtNanos;
    private boolean farewellDue;

    Dialogue(
            CallLoop loop,
            Floor floor,
            Ears ears,
            TurnTaker turns,
            Ending ending,
            LegAccount account,
            Phrases phrases,
            ToolUse toolUse,
            Succession succession,
            CallJournal journal,
            Consumer<EndReason> hangUp) {
        this.loop = loop;
        this.floor = floor;
        this.ears = ears;
        this.turns = turns;
        this.ending = ending;
        this.account = account;
        this.phrases = phrases;
        this.toolUse = toolUse;
        this.succession = succession;
        succession.introduce(this::introduceSuccessor);
        this.journal = journal;
        this.hangUp = hangUp;
        this.guesses = new Guesses(floor, journal);
        this.trouble = new Trouble(this, floor, ending, account, phrases, hangUp);
        this.silence = new Silence(loop, this::silenceIsLong);
    }

    /** @param answered whether what the user said was said by a machine, and has been answered */
    void machines(Predicate<String> answered) {
        machine = answered;
    }

    /** The first words of this leg. */
    void open(CallSetup setup) {
        new FirstWords(this, floor, phrases).say(setup);
    }

    void waitForUser() {
        silence.begin();
    }

    /** Nothing more is said. */
    void stop() {
        guesses.drop();
        floor.cut();
        silence.stop();
    }

    /** Says goodbye, lets it be heard to its end, and hangs up. A repeat does nothing. */
    void sayGoodbye(EndReason reason) {
        if (ending.isOpen()) {
            floor.cut();
            say(reason == EndReason.BUDGET ? phrases.budgetFarewell() : phrases.farewell(), false, reason);
        }
    }

    /** There is more time, or less: what was to be said about the end no longer holds. */
    void timeChanged() {
        farewellDue = false;
        warningDue = false;
    }

    Trouble trouble() {
        return trouble;
    }

    // ---- machines --------------------------------------------------------------------------------------------------

    /** Nobody listens: not a word more that is not meant for a machine. */
    void machineAnswered() {
        stop();
        ending.plan(EndReason.MACHINE);
    }

    void leave() {
        hangUp.accept(EndReason.MACHINE);
    }

    void leaveMessage() {
        say(phrases.message(), false, EndReason.MACHINE);
    }

    void introduce() {
        floor.cut();
        say(phrases.introduction(), true, null);
    }

    // ---- the user --------------------------------------------------------------------------------------------------

    void userTakesTurn() {
        silence.stop();
        AgentTurn turn = floor.holder();
        if (turn != null && turn.interruptible) {
            ending.plan(null);
            floor.cut();
        }
    }

    /** Something was said, and there is nobody who could tell what. */
    void didNotHear() {
        if (ending.isOpen() && floor.holder() == null) {
            say(phrases.trouble(), true, null);
        }
    }

    void userPartial(String text) {
        if (!guesses.is(text)) {
            guesses.drop();
        }
        userTurn = userTurn == 0 ? floor.conversation().nextTurn() : userTurn;
        journal.add(CallJournal.Line.text(JournalKind.USER_PARTIAL, userTurn, text));
    }

    void userProbablyDone(String text) {
        if (guesses.is(text)) {
            return;
        }
        guesses.drop();
        boolean free = ending.isOpen() && floor.holder() == null && !farewellDue && !warningDue && !succession.isDue();
        if (free && userTurn != 0 && guesses.mayBe()) {
            guesses.make(userTurn, text, LATE_AFTER_MILLIS);
        }
    }

    void userGoesOn() {
        guesses.drop();
    }

    void userTurnEnded(Frame.UserTurnEnded ended) {
        int turn = userTurn == 0 ? floor.conversation().nextTurn() : userTurn;
        if (!guesses.is(ended.text()) || !ending.isOpen() || farewellDue) {
            guesses.drop();
        }
        floor.userQuietFor(ended.quietMillis());
        AgentTurn right = guesses.take();
        userTurn = 0;
        silence.broken();
        account.userSaid(ended.text());
        journal.add(CallJournal.Line.text(JournalKind.USER_SAID, turn, ended.text()));
        if (right != null) {
            release(right, ended);
            // Its answer is on the air already; a machine ends the call all the same.
            var unused = machine.test(ended.text());
            return;
        }
        floor.conversation().userSaid(turn, ended.text());
        if (!ending.isOpen() || machine.test(ended.text())) {
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
        silence.stop();
        ending.plan(answer.thenEnd);
        floor.release(answer, ended.endedAtNanos());
        if (answer.wanted != null) {
            toolAsked(answer.number, answer.wanted);
        }
        if (answer.saidNothingYet()) {
            loop.after(lateAfter(ended), () -> trouble.modelIsLate(answer.number));
        }
    }

    /** The user's wait began with the last word, not when the vendor was sure that it was the last. */
    private static long lateAfter(Frame.UserTurnEnded ended) {
        return Math.max(LEAST_LATE_AFTER_MILLIS, LATE_AFTER_MILLIS - ended.quietMillis());
    }

    // ---- the agent -------------------------------------------------------------------------------------------------

    void answer(long askedAtNanos, @Nullable EndReason thenEnd, long lateAfterMillis) {
        String note = thenEnd == EndReason.FAREWELL ? Notes.SAY_GOODBYE : succession.isDue() ? Notes.TAKE_OVER : null;
        AgentTurn turn = begin(askedAtNanos, true, thenEnd);
        if (warningDue) {
            warningDue = false;
            turn.warns = true;
            note = note == null ? Notes.answerAndTimeIsShort(secondsLeft()) : note;
        }
        floor.mind().answer(turn.number, note, lateAfterMillis);
    }

    /** Says a fixed text as a turn of its own. */
    AgentTurn say(String text, boolean interruptible, @Nullable EndReason thenEnd) {
        AgentTurn turn = begin(0, interruptible, thenEnd);
        floor.mouth().phrase(turn.number, text);
        floor.mouth().finish(turn.number);
        return turn;
    }

    AgentTurn begin(long askedAtNanos, boolean interruptible, @Nullable EndReason thenEnd) {
        silence.stop();
        guesses.drop();
        succession.takeOver();
        ending.plan(thenEnd);
        return floor.begin(askedAtNanos, interruptible, thenEnd);
    }

    /** Unless the person has begun to speak: then the new persona answers that. */
    private void introduceSuccessor() {
        if (ending.isOpen() && !turns.userIsSpeaking()) {
            floor.mind().answer(begin(0, true, null).number, Notes.TAKE_OVER, LATE_AFTER_MILLIS);
        }
    }

    /** In the model's words, which fit the talk; the phrase stands by for a model that is late. */
    private void warn() {
        warningDue = false;
        AgentTurn turn = begin(0, true, null);
        turn.warns = true;
        floor.mind().answer(turn.number, Notes.timeIsShort(secondsLeft()), LATE_AFTER_MILLIS);
    }

    /** In the words laid down for it. */
    void warnPlainly(AgentTurn turn) {
        turn.warnedPlainly = true;
        floor.mouth().phrase(turn.number, phrases.timeWarning());
        if (turn.answersNobody()) {
            floor.mind().cancel();
            floor.mouth().finish(turn.number);
        }
    }

    private long secondsLeft() {
        return TimeUnit.NANOSECONDS.toSeconds(endsAtNanos - loop.nanos());
    }

    void words(Frame.Words words) {
        if (floor.turn(words.turn()) != null) {
            floor.words(words);
        }
    }

    void wordsEnd(int number) {
        trouble.modelAnswered();
        floor.mouth().finish(number);
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

    void toolAsked(int number, LlmEvent.ToolCall call) {
        AgentTurn turn = floor.turn(number);
        if (turn != null) {
            toolUse.asked(turn, call, LATE_AFTER_MILLIS);
            loop.after(LATE_AFTER_MILLIS, () -> trouble.modelIsLate(number));
        }
    }

    void endAfter(AgentTurn turn, EndReason reason) {
        turn.thenEnd = reason;
        if (!floor.isHeld(turn)) {
            ending.plan(reason);
        }
    }

    void turnSettled(Frame.TurnSettled settled) {
        Floor.Settled done = floor.settled(settled);
        if (done == null) {
            return;
        }
        account.turnOver();
        // A warning the user talked over was not given, nor one that the model forgot.
        boolean unheard = !done.complete() || !done.turn().warned();
        warningDue |= done.turn().warns && unheard;
        if (done.wasHolding()) {
            afterTurn(done.turn());
        }
    }

    private void afterTurn(AgentTurn turn) {
        if (turn.thenEnd != null) {
            hangUp.accept(turn.thenEnd);
        } else if (farewellDue) {
            say(phrases.farewell(), false, EndReason.TIME_UP);
        } else if (succession.isDue() && !turns.userIsSpeaking()) {
            introduceSuccessor();
        } else if (warningDue && !turns.userIsSpeaking()) {
            if (turn.warns) {
                warningDue = false;
                AgentTurn plain = begin(0, true, null);
                plain.warns = true;
                warnPlainly(plain);
            } else {
                warn();
            }
        } else {
            silence.begin();
        }
    }

    // ---- silence ---------------------------------------------------------------------------------------------------

    private void silenceIsLong() {
        if (!ending.isTalking() || floor.holder() != null || turns.userIsSpeaking()) {
            return;
        }
        if (ears.userSounds() && silence.waitsForWords()) {
            return;
        }
        if (silence.asksAgain()) {
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
        endsAtNanos = loop.nanos() + TimeUnit.SECONDS.toNanos(secondsLeft);
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
