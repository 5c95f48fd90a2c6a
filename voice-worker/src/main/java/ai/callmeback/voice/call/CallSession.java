package ai.callmeback.voice.call;

import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.domain.conversation.Turn;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.domain.usage.UsageTotals;
import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.telephony.UpdateOutcome;
import ai.callmeback.voice.audio.AudioOut;
import ai.callmeback.voice.ears.Ears;
import ai.callmeback.voice.ears.TurnTaker;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import ai.callmeback.voice.mind.Conversation;
import ai.callmeback.voice.mind.HangUpIntent;
import ai.callmeback.voice.mind.Mind;
import ai.callmeback.voice.mouth.Mouth;
import ai.callmeback.voice.mouth.TurnSpeech;
import ai.callmeback.workflows.call.ConverseResult;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One media leg of a call: joins its stages and decides what follows what. Lives on one event loop from its making to its
 * end; every method must be called there, {@link #snapshot()} excepted.
 */
public final class CallSession implements TimeKeeper.Listener {
    private static final long USAGE_EVERY_MILLIS = 15_000;
    private static final long SNAPSHOT_EVERY_MILLIS = 500;
    private static final long IDLE_PROMPT_MILLIS = 8_000;
    private static final int IDLE_PROMPTS = 2;
    private static final long IDLE_END_MILLIS = 9_000;
    private static final int MODEL_FAILURES_MOST = 3;
    private static final int END_CALL_TRIES = 3;
    private static final long END_CALL_RETRY_MILLIS = 500;
    private static final long STOP_GRACE_MILLIS = 1_500;
    private static final String SAY_GOODBYE =
            "The person wants to end the call. Say a short, warm goodbye in your own words and call end_call.";
    private static final String GO_ON = "The line was lost for a moment and you were cut off in the middle of your last"
            + " sentence. You have just said \"Sorry, where was I?\". Go on where you were cut off, in a sentence or two.";

    enum Phase {
        TALKING,
        /** No more turns; the call is being completed by REST. */
        HANGING_UP,
        OVER
    }

    private final CallLoop loop;
    private final MediaStream stream;
    private final CallSetup setup;
    private final CallPorts ports;
    private final CallJournal journal;
    private final Phrases phrases;
    private final FrameQueue frames = new FrameQueue(this::handle);
    private final StageEvents events;
    private final Ears ears;
    private final TurnTaker turns;
    private final Conversation conversation;
    private final Mind mind;
    private final Mouth mouth;
    private final AudioOut audioOut;
    private final TimeKeeper time;
    private final Map<Integer, AgentTurn> settling = new HashMap<>();

    private final long startedNanos;
    private Phase phase = Phase.TALKING;
    private @Nullable AgentTurn agent;
    private @Nullable EndReason ending;
    private @Nullable Timer idle;
    private @Nullable Timer usageTimer;
    private int idlePrompts;
    private int userTurn;
    private int userWords;
    private int turnsOver;
    private int modelFailures;
    private boolean vendorFault;
    private boolean warningDue;
    private boolean farewellDue;
    private long firstMediaMillis = -1;
    private long lastMediaMillis;
    private long usageSequence;
    private volatile LegSnapshot snapshot = LegSnapshot.NONE;

    public CallSession(CallLoop loop, MediaStream stream, CallSetup setup, CallPorts ports, CallJournal journal) {
        this.loop = loop;
        this.stream = stream;
        this.setup = setup;
        this.ports = ports;
        this.journal = journal;
        this.startedNanos = loop.nanos();
        this.phrases = new Phrases(setup.brief());
        this.events = new StageEvents(frames, journal);
        this.audioOut = new AudioOut(loop, stream, new Out());
        this.turns = new TurnTaker(loop, events.ofTurns(this::backchannel, this::forceEndTurn));
        this.ears = new Ears(loop, ports.speechToText(), ports.sttEngines(), events.ofEars(turns));
        this.conversation = new Conversation(setup.soFar(), setup.lastTurn(), this::heardSoFar);
        this.mind = new Mind(
                loop,
                ports.languageModel(),
                setup.brief().mind(),
                conversation,
                events.ofMind(this::modelIsLate, this::modelFailed));
        this.mouth = new Mouth(
                loop, ports.textToSpeech(), phrases.voice(ports.ttsModel()), audioOut::waitingMillis, events.ofMouth());
        this.time = new TimeKeeper(loop, this);
    }

    /** Opens the vendors and says the first words, without waiting for any of them. */
    public void start() {
        loop.assertInLoop();
        journal.add(CallJournal.Line.detail(
                JournalKind.LEG_STARTED,
                0,
                Detail.of("handOver", setup.handOver()).json()));
        setup.unclosed().forEach(this::closeTurnOfTheDead);
        mouth.open();
        ears.open();
        time.start(setup.allowedSeconds(), setup.talkedSeconds());
        scheduleUsage();
        publishSnapshot();
        ports.reports().connected(setup);
        open();
    }

    private void open() {
        if (!setup.handOver()) {
            say(phrases.opening(), true, null);
        } else if (conversation.answerIsDue()) {
            answer(0, null);
        } else if (conversation.agentWasCutOff()) {
            AgentTurn turn = begin(0, true, null);
            mouth.phrase(turn.number, phrases.resumeOwnWords());
            mind.answer(turn.number, GO_ON);
        } else {
            say(phrases.resumeListening(), true, null);
        }
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
        audioOut.twilioClock(timestampMillis);
        firstMediaMillis = firstMediaMillis < 0 ? timestampMillis : firstMediaMillis;
        lastMediaMillis = timestampMillis;
        if (phase == Phase.TALKING) {
            ears.audio(stream.allocator(), mulaw, length);
        }
    }

    public void onMark(String name) {
        audioOut.onMark(name);
    }

    public void onDigit(String digit) {
        journal.add(CallJournal.Line.detail(
                JournalKind.NOTE, 0, Detail.of("dtmf", digit).json()));
    }

    /** Twilio says the stream is over: unless we ended the call, the user did. */
    public void onStop() {
        over(ending == null ? EndReason.USER_HUNG_UP : ending);
    }

    /** The socket is gone without a word. */
    public void onSocketLost() {
        over(ending == null ? EndReason.STREAM_LOST : ending);
    }

    // ---- from the workflow, by way of the lease --------------------------------------------------------------------

    /** Ends the call politely: the farewell is said and heard first. A repeat does nothing. */
    public void requestEnd(EndReason reason) {
        if (phase == Phase.TALKING && ending == null) {
            cutAgent();
            say(phrases.farewell(), false, reason);
        }
    }

    /** Ends the call without another word. */
    public void endNow(EndReason reason) {
        frames.post(new Frame.HangUpNow(reason));
    }

    /** Another worker owns the call: not a word more. */
    public void superseded() {
        over(EndReason.SUPERSEDED);
    }

    /** This worker steps down: the stream is closed, and Twilio goes on to the next. */
    public void handOver() {
        over(EndReason.DRAIN);
    }

    /** The talk may now last this long in all. */
    public void allow(int allowedSeconds) {
        if (phase == Phase.TALKING && (ending == null || ending == EndReason.TIME_UP)) {
            farewellDue = false;
            warningDue = false;
            long here = TimeUnit.NANOSECONDS.toSeconds(loop.nanos() - startedNanos);
            time.start(allowedSeconds, setup.talkedSeconds() + (int) here);
        }
    }

    /** How the leg stands; may be read on any thread. */
    public LegSnapshot snapshot() {
        return snapshot;
    }

    public CallSetup setup() {
        return setup;
    }

    // ---- frames ----------------------------------------------------------------------------------------------------

    private void handle(Frame frame) {
        if (phase == Phase.OVER) {
            if (frame instanceof Frame.DataFrame data) {
                data.discard();
            }
            return;
        }
        switch (frame) {
            case Frame.UserTakesTurn taken -> userTakesTurn();
            case Frame.VendorLost lost -> vendorLost(lost.fault());
            case Frame.HangUpNow now -> hangUp(now.reason());
            case Frame.Words words -> words(words);
            case Frame.WordsEnd end -> mouth.finish(end.turn());
            case Frame.Speech speech -> speech(speech);
            case Frame.SpeechEnd end -> speechEnd(end);
            case Frame.UserPartial partial -> userPartial(partial.text());
            case Frame.UserTurnEnded ended -> userTurnEnded(ended);
            case Frame.TurnSettled settled -> turnSettled(settled);
            case Frame.EndCallAsked asked -> endCallAsked(asked.turn());
        }
    }

    private void userTakesTurn() {
        stopIdling();
        AgentTurn turn = agent;
        if (turn != null && turn.interruptible) {
            ending = null;
            cutAgent();
        }
    }

    private void userPartial(String text) {
        userTurn = userTurn == 0 ? conversation.nextTurn() : userTurn;
        journal.add(CallJournal.Line.text(JournalKind.USER_PARTIAL, userTurn, text));
    }

    private void userTurnEnded(Frame.UserTurnEnded ended) {
        int turn = userTurn == 0 ? conversation.nextTurn() : userTurn;
        userTurn = 0;
        userWords += ended.text().strip().split("\\s+", -1).length;
        idlePrompts = 0;
        journal.add(CallJournal.Line.text(JournalKind.USER_SAID, turn, ended.text()));
        conversation.userSaid(turn, ended.text());
        if (ending != null || phase != Phase.TALKING) {
            return;
        }
        cutAgent();
        if (farewellDue) {
            say(phrases.farewell(), false, EndReason.TIME_UP);
            return;
        }
        answer(ended.endedAtNanos(), HangUpIntent.in(ended.text()) ? EndReason.FAREWELL : null);
    }

    private void answer(long askedAtNanos, @Nullable EndReason thenEnd) {
        AgentTurn turn = begin(askedAtNanos, true, thenEnd);
        if (warningDue) {
            warningDue = false;
            turn.warns = true;
            mouth.phrase(turn.number, phrases.timeWarning());
        }
        mind.answer(turn.number, thenEnd == EndReason.FAREWELL ? SAY_GOODBYE : null);
    }

    /** Says a fixed text as a turn of its own. */
    private AgentTurn say(String text, boolean interruptible, @Nullable EndReason thenEnd) {
        AgentTurn turn = begin(0, interruptible, thenEnd);
        mouth.words(turn.number, text);
        mouth.finish(turn.number);
        return turn;
    }

    private void warn() {
        warningDue = false;
        say(phrases.timeWarning(), true, null).warns = true;
    }

    private AgentTurn begin(long askedAtNanos, boolean interruptible, @Nullable EndReason thenEnd) {
        stopIdling();
        AgentTurn turn = new AgentTurn(conversation.nextTurn(), askedAtNanos, interruptible, thenEnd);
        agent = turn;
        ending = thenEnd;
        conversation.agentBegins(turn.number);
        audioOut.begin(turn.number);
        mouth.begin(turn.number);
        turns.agentHasFloor(true);
        return turn;
    }

    /** Stops the agent's turn, if there is one, wherever it has got to; what was heard of it is settled later. */
    private void cutAgent() {
        AgentTurn turn = agent;
        if (turn == null) {
            return;
        }
        agent = null;
        settling.put(turn.number, turn);
        mind.cancel();
        mouth.cancel();
        frames.dropTurn(turn.number);
        turns.agentHasFloor(false);
        audioOut.cut();
    }

    private void words(Frame.Words words) {
        AgentTurn turn = agent;
        if (turn != null && turn.number == words.turn()) {
            modelFailures = 0;
            turn.wordsCame(loop.nanos());
            mouth.words(words.turn(), words.text());
        }
    }

    private void speech(Frame.Speech speech) {
        AgentTurn turn = agent;
        if (turn == null || turn.number != speech.turn()) {
            speech.discard();
            return;
        }
        turn.speechCame(loop.nanos());
        TurnSpeech.Segment segment = turn.speech.add(speech.piece(), speech.guess());
        journal.add(CallJournal.Line.planned(turn.number, segment.number(), segment.text(), segment.charEndMillis()));
        turn.speech.clauseEnds(segment).forEach(position -> audioOut.clauseEnds(turn.number, position));
        audioOut.audio(turn.number, speech.piece().mulaw());
    }

    private void speechEnd(Frame.SpeechEnd end) {
        AgentTurn turn = agent;
        if (turn != null && turn.number == end.turn()) {
            turn.speech.addRest(end.rest());
            audioOut.finish(turn.number);
        }
    }

    private void endCallAsked(int number) {
        AgentTurn turn = agent;
        if (turn != null && turn.number == number) {
            turn.thenEnd = EndReason.FAREWELL;
            ending = EndReason.FAREWELL;
            if (turn.saidNothingYet()) {
                mouth.words(number, phrases.farewell());
            }
        }
    }

    private void turnSettled(Frame.TurnSettled settled) {
        AgentTurn turn = agent != null && agent.number == settled.turn() ? agent : settling.remove(settled.turn());
        if (turn == null) {
            return;
        }
        account(turn, settled.positionMillis(), settled.complete());
        if (turn == agent) {
            agent = null;
            turns.agentHasFloor(false);
            afterTurn(turn);
        }
    }

    private void account(AgentTurn turn, long positionMillis, boolean complete) {
        String heard =
                complete ? turn.speech.text().all().strip() : turn.speech.text().heardBy(positionMillis);
        turnsOver++;
        conversation.agentHeard(turn.number, heard, complete);
        turn.journalHeard(positionMillis, journal);
        long latency = turn.latencyNanos();
        journal.add(CallJournal.Line.said(
                turn.number,
                heard,
                !complete,
                latency < 0 ? null : (int) (latency / 1_000_000),
                turn.record(positionMillis, turn.speech.text().length())));
        if (!complete) {
            // A warning the user talked over was not given.
            warningDue |= turn.warns;
            ports.meter().interrupted();
        }
    }

    private void afterTurn(AgentTurn turn) {
        if (turn.thenEnd != null) {
            hangUp(turn.thenEnd);
        } else if (farewellDue) {
            say(phrases.farewell(), false, EndReason.TIME_UP);
        } else if (warningDue && !turns.userIsSpeaking()) {
            warn();
        } else {
            idleLater(idlePrompts < IDLE_PROMPTS ? IDLE_PROMPT_MILLIS : IDLE_END_MILLIS);
        }
    }

    // ---- silence, lateness, faults ---------------------------------------------------------------------------------

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
        if (phase != Phase.TALKING || agent != null || turns.userIsSpeaking()) {
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

    private void backchannel(String text) {
        journal.add(CallJournal.Line.detail(
                JournalKind.NOTE, 0, Detail.of("backchannel", text).json()));
    }

    private void forceEndTurn() {
        ears.forceEndTurn();
    }

    private void modelIsLate(int number) {
        AgentTurn turn = agent;
        if (turn != null && turn.number == number) {
            turn.fillerSaid();
            mouth.phrase(number, phrases.filler());
        }
    }

    private void modelFailed(int number, VendorFault fault, boolean spoken) {
        AgentTurn turn = agent;
        if (turn == null || turn.number != number) {
            return;
        }
        modelFailures++;
        if (!spoken) {
            mouth.words(number, phrases.trouble());
        }
        if (modelFailures >= MODEL_FAILURES_MOST) {
            vendorFault = true;
            turn.thenEnd = EndReason.VENDOR_FAULT;
            ending = EndReason.VENDOR_FAULT;
        }
        mouth.finish(number);
    }

    /** The voice is gone: nothing can be said. The ears are gone: say so, then end. */
    private void vendorLost(VendorFault fault) {
        vendorFault = true;
        if (fault.vendor().equals("deepgram") && ending == null) {
            cutAgent();
            say(phrases.trouble(), false, EndReason.VENDOR_FAULT);
        } else {
            hangUp(EndReason.VENDOR_FAULT);
        }
    }

    // ---- time ------------------------------------------------------------------------------------------------------

    @Override
    public void onTimeIsShort(int secondsLeft) {
        if (ending != null || phase != Phase.TALKING) {
            return;
        }
        if (agent == null && !turns.userIsSpeaking()) {
            warn();
        } else {
            warningDue = true;
        }
    }

    @Override
    public void onTimeForFarewell() {
        farewellDue = true;
        if (phase == Phase.TALKING && ending == null && agent == null && !turns.userIsSpeaking()) {
            say(phrases.farewell(), false, EndReason.TIME_UP);
        }
    }

    @Override
    public void onLastWords() {
        if (phase == Phase.TALKING && ending == null) {
            cutAgent();
            say(phrases.farewell(), false, EndReason.TIME_UP);
        }
    }

    @Override
    public void onHardStop() {
        hangUp(EndReason.TIME_UP);
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    /** Completes the call by REST, and only then closes the socket: a socket closed first goes to the next worker. */
    private void hangUp(EndReason reason) {
        if (phase != Phase.TALKING) {
            return;
        }
        phase = Phase.HANGING_UP;
        ending = reason;
        cutAgent();
        stopIdling();
        time.stop();
        endCall(reason, 1);
    }

    private void endCall(EndReason reason, int tryNumber) {
        var asked = ports.telephony().endCall(setup.callSid());
        var unused = asked.thenAccept(outcome -> loop.execute(() -> endCallAnswered(reason, tryNumber, outcome)));
    }

    private void endCallAnswered(EndReason reason, int tryNumber, UpdateOutcome outcome) {
        if (phase == Phase.OVER) {
            return;
        }
        switch (outcome) {
            case UpdateOutcome.Done done -> loop.after(STOP_GRACE_MILLIS, () -> over(reason));
            case UpdateOutcome.AlreadyEnded ended -> loop.after(STOP_GRACE_MILLIS, () -> over(reason));
            case UpdateOutcome.Refused refused -> endCallAgain(reason, tryNumber);
            case UpdateOutcome.Unknown unknown -> endCallAgain(reason, tryNumber);
        }
    }

    /** If the vendor cannot be told, the workflow will: it hears that the call is over. */
    private void endCallAgain(EndReason reason, int tryNumber) {
        if (tryNumber < END_CALL_TRIES) {
            loop.after(END_CALL_RETRY_MILLIS * tryNumber, () -> endCall(reason, tryNumber + 1));
        } else {
            over(reason);
        }
    }

    private void over(EndReason reason) {
        if (phase == Phase.OVER) {
            return;
        }
        if (agent != null) {
            AgentTurn turn = agent;
            agent = null;
            settling.put(turn.number, turn);
        }
        settling.values().forEach(turn -> account(turn, audioOut.heardMillis(turn.number), false));
        settling.clear();
        phase = Phase.OVER;
        stopIdling();
        time.stop();
        if (usageTimer != null) {
            usageTimer.cancel();
        }
        mind.cancel();
        mouth.close();
        ears.close();
        turns.close();
        audioOut.close();
        ports.meter().legOver(audioOut.lateFrames(), audioOut.lateMillis(), audioOut.starvedFrames());
        journal.add(CallJournal.Line.detail(
                JournalKind.NOTE, 0, Detail.of("legOver", reason.code()).json()));
        reportUsage(true);
        ConverseResult result = result(reason);
        snapshot = new LegSnapshot(positionMillis(), turnsOver, totals(), result);
        ports.reports().ended(setup, result);
        stream.close(reason.code());
    }

    private ConverseResult result(EndReason reason) {
        return new ConverseResult(
                reason.callOver() ? ConverseResult.End.CALL_ENDED : ConverseResult.End.HANDED_OVER,
                reason.endedBy(),
                reason.code(),
                firstMediaMillis < 0 ? 0 : lastMediaMillis - firstMediaMillis,
                userWords,
                audioOut.lateMillis(),
                vendorFault);
    }

    // ---- usage -----------------------------------------------------------------------------------------------------

    private void scheduleUsage() {
        usageTimer = loop.after(USAGE_EVERY_MILLIS, () -> {
            reportUsage(false);
            scheduleUsage();
        });
    }

    private void reportUsage(boolean last) {
        ports.reports()
                .usage(new UsageReport(
                        setup.callId(),
                        setup.mediaLeg(),
                        ++usageSequence,
                        ports.clock().instant(),
                        positionMillis(),
                        last,
                        totals()));
    }

    private UsageTotals totals() {
        return new UsageTotals(
                ears.audioMillisByModel(),
                mind.promptTokensByModel(),
                mind.completionTokensByModel(),
                Map.of(mouth.modelId(), mouth.charactersBilled()));
    }

    private void publishSnapshot() {
        if (phase != Phase.OVER) {
            snapshot = new LegSnapshot(positionMillis(), turnsOver, totals(), null);
            loop.after(SNAPSHOT_EVERY_MILLIS, this::publishSnapshot);
        }
    }

    private long positionMillis() {
        return lastMediaMillis;
    }

    private String heardSoFar(int turn) {
        AgentTurn known = agent != null && agent.number == turn ? agent : settling.get(turn);
        return known == null ? "" : known.speech.text().heardBy(audioOut.heardMillis(turn));
    }

    /** What the way out reports. */
    private final class Out implements ai.callmeback.voice.audio.AudioOutListener {
        @Override
        public void onFirstAudio(int turn) {
            AgentTurn now = agent;
            if (now != null && now.number == turn) {
                now.audioSent(loop.nanos());
                if (now.latencyNanos() >= 0) {
                    ports.meter().answered(now.latencyNanos());
                }
            }
        }

        @Override
        public void onHeardUpTo(int turn, long positionMillis) {
            AgentTurn now = agent;
            if (now != null && now.number == turn) {
                now.journalHeard(positionMillis, journal);
                mouth.roomMade();
            }
        }

        @Override
        public void onSettled(int turn, long positionMillis, boolean complete) {
            frames.post(new Frame.TurnSettled(turn, positionMillis, complete));
        }
    }
}
