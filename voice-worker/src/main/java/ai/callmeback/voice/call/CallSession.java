package ai.callmeback.voice.call;

import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.domain.conversation.Turn;
import ai.callmeback.domain.usage.UsageTotals;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.voice.audio.AudioOut;
import ai.callmeback.voice.ears.Ears;
import ai.callmeback.voice.ears.TurnTaker;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.mind.ThoughtJudge;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One media leg of a call: joins its parts, takes what comes from the socket and the workflow, and hands each frame to
 * the part it concerns. Lives on one event loop from its making to its end; every method must be called there, {@link
 * #snapshot()} excepted.
 *
 * <p>The parts: {@link Ears} and {@link TurnTaker} listen, {@link Floor} is the agent's turn from thought to phone,
 * {@link Dialogue} decides what is said next, {@link TimeKeeper} watches the clock, {@link Ending} hangs up, {@link
 * LegAccount} counts.
 */
public final class CallSession {
    private static final long JOURNAL_PATIENCE_MILLIS = 500;

    private final CallLoop loop;
    private final MediaStream stream;
    private final CallSetup setup;
    private final CallPorts ports;
    private final CallJournal journal;
    private final FrameQueue frames = new FrameQueue(this::handle);
    private final Ears ears;
    private final TurnTaker turns;
    private final Floor floor;
    private final Ending ending;
    private final LegAccount account;
    private final Phrases phrases;
    private final Dialogue dialogue;
    private final TimeKeeper time;
    private final StepDown stepDown;
    private final Doubt doubt;
    private final Unanswered unanswered;
    private final Keys keys;
    private final AnsweringMachine machine;
    private final long startedNanos;

    public CallSession(CallLoop loop, MediaStream stream, CallSetup setup, CallPorts ports, CallJournal journal) {
        this.loop = loop;
        this.stream = stream;
        this.setup = setup;
        this.ports = ports;
        this.journal = journal;
        this.startedNanos = loop.nanos();
        this.phrases = new Phrases(setup.brief());
        StageEvents events = new StageEvents(frames, journal);
        ThoughtJudge thoughts = new ThoughtJudge(
                loop,
                ports.languageModel(),
                this::turnsEndBySilence,
                () -> floorOf().conversation().lastWordsOfAgent(),
                events.ofThoughts(usage -> floorOf().mind().count(usage)));
        this.turns = new TurnTaker(loop, events.ofTurns(this::forceEndTurn), thoughts);
        // The vendor's bill names the call, so that the two can be held against each other.
        List<SttOptions> engines = ports.sttEngines().stream()
                .map(engine -> engine.withTag(setup.callId().toString()))
                .toList();
        this.ears = new Ears(loop, ports.speechToText(), engines, events.ofEars(turns));
        Tools tools = new Tools(setup, ports.tools(), ports.clock());
        this.floor = new Floor(loop, stream, setup, ports, phrases, journal, frames, events, turns, tools);
        this.keys = new Keys(loop, frames, turns);
        this.ending = new Ending(loop, ports.telephony(), setup.callSid(), this::saidByTelephony, this::over);
        this.account = new LegAccount(loop, setup, ports, this::totals);
        Succession succession = new Succession(floor, phrases);
        ToolUse toolUse = new ToolUse(loop, floor, ending, tools, journal, succession);
        this.dialogue = new Dialogue(
                loop, floor, ears, turns, ending, account, phrases, toolUse, succession, journal, this::hangUp);
        this.time = new TimeKeeper(loop, dialogue);
        this.machine = new AnsweringMachine(
                loop,
                ears,
                dialogue,
                ports.leavesMessages(),
                setup.talkedSeconds(),
                () -> ports.reports().machineHeard(setup));
        dialogue.machines(machine::said);
        this.doubt = new Doubt(loop, floor, ears, journal);
        this.unanswered = new Unanswered(floor, ears, turns, dialogue::didNotHear);
        this.stepDown = new StepDown(loop, floor, ears, turns, ending, () -> over(EndReason.DRAIN));
    }

    /** Opens the vendors and says the first words, without waiting for any of them. */
    public void start() {
        loop.assertInLoop();
        journal.add(CallJournal.Line.detail(
                JournalKind.LEG_STARTED,
                0,
                Detail.of("handOver", setup.handOver()).json()));
        setup.unclosed().forEach(this::closeTurnOfTheDead);
        floor.mouth().open();
        ears.open();
        time.start(setup.allowedSeconds(), setup.talkedSeconds());
        account.start();
        ports.reports().connected(setup);
        dialogue.open(setup);
        floor.mouth().prepare(phrases.fixed());
    }

    /** What the dead worker could not take down: its last turn, as far as the journal says it was heard. */
    private void closeTurnOfTheDead(Turn turn) {
        journal.add(
                turn.speaker() == Turn.Speaker.USER
                        ? CallJournal.Line.text(JournalKind.USER_SAID, turn.number(), turn.text())
                        : CallJournal.Line.said(turn.number(), turn.text(), true, null, "{}"));
    }

    // ---- from the socket -------------------------------------------------------------------------------------------

    /** Audio of the user; the array may be reused when this returns. */
    public void onMedia(long timestampMillis, byte[] mulaw, int length) {
        floor.audioOut().twilioClock(timestampMillis);
        account.mediaAt(timestampMillis);
        if (ending.isTalking()) {
            ears.audio(stream.allocator(), mulaw, length);
            doubt.listen();
            unanswered.listen();
        }
    }

    public void onMark(String name) {
        floor.audioOut().onMark(name);
    }

    public void onDigit(String digit) {
        journal.add(CallJournal.Line.detail(
                JournalKind.NOTE, 0, Detail.of("dtmf", digit).json()));
        keys.press(digit);
    }

    /** Twilio says the stream is over: unless we ended the call, the user did. */
    public void onStop() {
        ending.streamStopped();
        EndReason planned = ending.planned();
        over(planned == null ? EndReason.USER_HUNG_UP : planned);
    }

    /** The socket is gone without a word. */
    public void onSocketLost() {
        EndReason planned = ending.planned();
        over(planned == null ? EndReason.STREAM_LOST : planned);
    }

    // ---- from the workflow, by way of the lease --------------------------------------------------------------------

    /** Ends the call politely: the farewell is said and heard first. A repeat does nothing. */
    public void requestEnd(EndReason reason) {
        dialogue.sayGoodbye(reason);
    }

    /** Ends the call without another word. */
    public void endNow(EndReason reason) {
        frames.post(new Frame.HangUpNow(reason));
    }

    /** A machine has picked up, or a fax. A repeat does nothing. */
    public void machineAnswered(boolean fax) {
        if (ending.isTalking()) {
            machine.told(fax);
        }
    }

    /** Another worker owns the call: not a word more. */
    public void superseded() {
        over(EndReason.SUPERSEDED);
    }

    /** This worker steps down: in the next gap of the talk the stream is closed, and Twilio goes on to the next. */
    public void handOver() {
        stepDown.begin();
    }

    /** The talk may now last this long in all. */
    public void allow(int allowedSeconds) {
        if (ending.isOpen() || (ending.isTalking() && ending.planned() == EndReason.TIME_UP)) {
            dialogue.timeChanged();
            long here = TimeUnit.NANOSECONDS.toSeconds(loop.nanos() - startedNanos);
            time.start(allowedSeconds, setup.talkedSeconds() + (int) here);
        }
    }

    /** How the leg stands; may be read on any thread. */
    public LegSnapshot snapshot() {
        return account.snapshot();
    }

    public CallSetup setup() {
        return setup;
    }

    // ---- frames ----------------------------------------------------------------------------------------------------

    private void handle(Frame frame) {
        if (ending.isOver()) {
            if (frame instanceof Frame.DataFrame data) {
                data.discard();
            }
            return;
        }
        switch (frame) {
            case Frame.UserTakesTurn taken -> dialogue.userTakesTurn();
            case Frame.VendorLost lost -> dialogue.trouble().vendorLost(lost.fault());
            case Frame.HangUpNow now -> hangUp(now.reason());
            case Frame.Words words -> dialogue.words(words);
            case Frame.WordsEnd end -> dialogue.wordsEnd(end.turn());
            case Frame.ModelLate late -> dialogue.trouble().modelIsLate(late.turn());
            case Frame.VoiceLate late -> dialogue.trouble().voiceIsLate(late.turn());
            case Frame.ModelFailed failed -> dialogue.trouble().modelFailed(failed);
            case Frame.Speech speech -> floor.speech(speech);
            case Frame.SpeechEnd end -> floor.speechEnd(end);
            case Frame.UserPartial partial -> dialogue.userPartial(partial.text());
            case Frame.UserProbablyDone done -> dialogue.userProbablyDone(done.text());
            case Frame.UserGoesOn goesOn -> dialogue.userGoesOn();
            case Frame.UserTurnEnded ended -> dialogue.userTurnEnded(ended);
            case Frame.TurnSettled settled -> dialogue.turnSettled(settled);
            case Frame.ToolAsked asked -> dialogue.toolAsked(asked.turn(), asked.call());
            case Frame.EndCallAsked asked -> dialogue.endCallAsked(asked.turn());
        }
    }

    private void forceEndTurn() {
        ears.forceEndTurn();
    }

    private boolean turnsEndBySilence() {
        return ears.endTurnsBySilence();
    }

    private Floor floorOf() {
        return floor;
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    private void hangUp(EndReason reason) {
        if (ending.isTalking()) {
            dialogue.stop();
            time.stop();
            ending.hangUp(reason, dialogue.trouble().lastWords());
        }
    }

    /** Nobody reports how far these words are heard: they stand as said, since the telephony says them to their end. */
    private void saidByTelephony(String words) {
        journal.add(CallJournal.Line.said(
                floor.conversation().nextTurn(),
                words,
                false,
                null,
                Detail.of("saidBy", "telephony").json()));
    }

    private void over(EndReason reason) {
        if (!ending.close()) {
            return;
        }
        Carried carried = reason == EndReason.DRAIN ? floor.unsaid() : Carried.NOTHING;
        for (int open = floor.close(); open > 0; open--) {
            account.turnOver();
        }
        dialogue.stop();
        time.stop();
        stepDown.stop();
        doubt.stop();
        keys.stop();
        machine.stop();
        ears.close();
        turns.close();
        AudioOut out = floor.audioOut();
        ports.meter().legOver(out.lateFrames(), out.lateMillis(), out.starvedFrames());
        journal.add(CallJournal.Line.note(
                carried.text(), Detail.of("legOver", reason.code()).json()));
        Instant end = ports.clock().instant();
        long lastedNanos = loop.nanos() - startedNanos;
        journal.whenTaken(() -> ports.meter().legOver(setup, end, lastedNanos, reason.code()));
        account.close(reason, out.lateMillis());
        if (reason == EndReason.DRAIN) {
            closeWhenLeft(carried);
        } else {
            stream.close(reason.code());
        }
    }

    /** Who steps down lets go only when the next worker can read everything that was said, and has what was to be said. */
    private void closeWhenLeft(Carried carried) {
        Runnable close = () -> loop.execute(() -> stream.close(EndReason.DRAIN.code()));
        if (carried.speech() == null) {
            journal.whenWritten(close);
        } else {
            ports.handOvers().leave(setup, carried).whenComplete((left, error) -> journal.whenWritten(close));
        }
        loop.after(JOURNAL_PATIENCE_MILLIS, close);
    }

    private UsageTotals totals() {
        return new UsageTotals(
                ears.audioMillisByModel(),
                floor.mind().promptTokensByModel(),
                floor.mind().completionTokensByModel(),
                floor.mouth().charactersBilled());
    }
}
