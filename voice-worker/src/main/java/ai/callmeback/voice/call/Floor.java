package ai.callmeback.voice.call;

import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.voice.audio.AudioOut;
import ai.callmeback.voice.audio.AudioOutListener;
import ai.callmeback.voice.audio.Telephone;
import ai.callmeback.voice.ears.TurnTaker;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.mind.Conversation;
import ai.callmeback.voice.mind.Mind;
import ai.callmeback.voice.mouth.Mouth;
import ai.callmeback.voice.mouth.Patience;
import ai.callmeback.voice.mouth.TurnSpeech;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The agent's turns, one at a time: thought by the mind, spoken by the mouth, sent by the way out, and accounted for as
 * far as the phone played them. A turn that is cut is settled later, when the phone has said where it stopped.
 *
 * <p>One turn more may be <em>held</em>: thought and spoken on the guess that the user has finished, but kept from the
 * phone until that is certain.
 */
final class Floor {
    /** A longer word goes on where it was broken off: the phone's last second is kept, of which it may not have played 400 ms. */
    private static final long WORD_MOST_MILLIS = 500;

    private final CallLoop loop;
    private final CallJournal journal;
    private final FrameQueue frames;
    private final TurnTaker turns;
    private final TurnMeter meter;
    private final CallSetup setup;
    private final Conversation conversation;
    private final Mind mind;
    private final TokenMeter tokens = new TokenMeter();
    private final Mouth mouth;
    private final AudioOut audioOut;
    private final Phrases phrases;
    private final String ttsModel;
    private final Map<Integer, AgentTurn> settling = new HashMap<>();
    private @Nullable AgentTurn agent;
    private @Nullable AgentTurn held;
    private long userQuietMillis;
    /** Since when whoever waits for the present turn has waited. */
    private long awaitedSinceNanos;
    /** How long nothing had been heard before the leg began, while nothing has been heard in it. */
    private long silentBeforeMillis;

    Floor(
            CallLoop loop,
            MediaStream stream,
            CallSetup setup,
            CallPorts ports,
            Phrases phrases,
            CallJournal journal,
            FrameQueue frames,
            StageEvents events,
            TurnTaker turns,
            Tools tools) {
        this.loop = loop;
        this.journal = journal;
        this.frames = frames;
        this.turns = turns;
        this.meter = ports.meter();
        this.setup = setup;
        this.phrases = phrases;
        this.ttsModel = ports.voices().usualModel();
        this.silentBeforeMillis = setup.handOver() ? 0 : VoicePatience.BEFORE_FIRST_LEG_MILLIS;
        this.audioOut = new AudioOut(loop, stream, new Out());
        this.conversation = new Conversation(setup.soFar(), setup.lastTurn(), this::heardSoFar);
        this.mind = new Mind(
                loop, ports.languageModel(), setup.brief().mind(), conversation, tools::offered, events.ofMind());
        this.mouth = new Mouth(
                loop,
                ports.textToSpeech(),
                ports.voices(),
                phrases.voice(ttsModel),
                ports.phrases(),
                this::waitingMillis,
                this::voicePatience,
                events.ofMouth());
    }

    /**
     * A turn of the agent is over.
     *
     * @param wasHolding it ended by itself, and nobody has the floor now; else it had been cut before
     */
    record Settled(AgentTurn turn, boolean complete, boolean wasHolding) {}

    Conversation conversation() {
        return conversation;
    }

    Mind mind() {
        return mind;
    }

    Mouth mouth() {
        return mouth;
    }

    AudioOut audioOut() {
        return audioOut;
    }

    /** The turn being thought or spoken. */
    @Nullable
    AgentTurn holder() {
        return agent;
    }

    /** That turn, or the held one, if it has this number. */
    @Nullable
    AgentTurn turn(int number) {
        return held != null && held.number == number ? held : holder(number);
    }

    private @Nullable AgentTurn holder(int number) {
        return agent != null && agent.number == number ? agent : null;
    }

    boolean isHeld(AgentTurn turn) {
        return held == turn;
    }

    /** The user's turn is over, this long after the last words of it. */
    void userQuietFor(long millis) {
        userQuietMillis = millis;
        silentBeforeMillis = 0;
    }

    /** Begins a turn that stays unheard until {@link #release}. */
    AgentTurn beginHeld(@Nullable EndReason thenEnd) {
        discardHeld();
        AgentTurn turn = new AgentTurn(conversation.nextTurn(), 0, true, thenEnd);
        turn.spokenBy(phrases.personaId());
        held = turn;
        awaitedSince(loop.nanos(), 0);
        conversation.agentBegins(turn.number);
        mouth.begin(turn.number);
        return turn;
    }

    /** The guess was right: what was held is played at once, and the rest as it comes. */
    void release(AgentTurn turn, long askedAtNanos) {
        held = null;
        agent = turn;
        audioOut.begin(turn.number);
        turns.agentHasFloor(true);
        turn.quietBefore(userQuietMillis);
        awaitedSince(askedAtNanos, userQuietMillis);
        Frame.SpeechEnd end = turn.heldEnd();
        turn.released(askedAtNanos).forEach(this::speech);
        if (end != null) {
            speechEnd(end);
        }
    }

    /** The guess was wrong: it never happened, only its cost did. */
    void discardHeld() {
        AgentTurn turn = held;
        if (turn == null) {
            return;
        }
        held = null;
        mind.cancel();
        mouth.cancel();
        frames.dropTurn(turn.number);
        turn.discardHeld();
        conversation.agentHeard(turn.number, "", false);
    }

    /** Thinks and speaks as whom {@link Phrases} now stands for; between turns only. */
    void become(Brief.Mind character) {
        discardHeld();
        mind.become(character);
        mouth.become(phrases.voice(ttsModel));
        mouth.prepare(phrases.fixed());
    }

    AgentTurn begin(long askedAtNanos, boolean interruptible, @Nullable EndReason thenEnd) {
        discardHeld();
        AgentTurn turn = new AgentTurn(conversation.nextTurn(), askedAtNanos, interruptible, thenEnd);
        turn.spokenBy(phrases.personaId());
        turn.quietBefore(userQuietMillis);
        awaitedSinceNanos = loop.nanos();
        if (askedAtNanos != 0) {
            awaitedSince(askedAtNanos, userQuietMillis);
        }
        agent = turn;
        conversation.agentBegins(turn.number);
        audioOut.begin(turn.number);
        mouth.begin(turn.number);
        turns.agentHasFloor(true);
        return turn;
    }

    /** Stops the agent's turn, if there is one, wherever it has got to; what was heard of it is settled later. */
    void cut() {
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

    void words(Frame.Words words) {
        AgentTurn turn = turn(words.turn());
        if (turn != null) {
            turn.wordsCame(loop.nanos());
            mouth.words(words.turn(), words.text());
        }
    }

    void speech(Frame.Speech speech) {
        AgentTurn turn = turn(speech.turn());
        if (turn == null) {
            speech.discard();
            return;
        }
        turn.speechCame(loop.nanos());
        if (turn == held) {
            turn.hold(speech);
            return;
        }
        TurnSpeech.Segment segment = turn.speech.add(speech.piece(), speech.guess());
        journal.add(CallJournal.Line.planned(turn.number, segment.number(), segment.text(), segment.charEndMillis()));
        turn.speech.clauseEnds(segment).forEach(position -> audioOut.clauseEnds(turn.number, position));
        audioOut.audio(turn.number, speech.piece().mulaw());
    }

    void speechEnd(Frame.SpeechEnd end) {
        AgentTurn turn = turn(end.turn());
        if (turn != null && turn == held) {
            turn.holdEnd(end);
        } else if (turn != null) {
            turn.speech.addRest(end.rest());
            audioOut.finish(turn.number);
        }
    }

    /** Accounts for a turn of which nothing more will be heard; null if it is none of this leg's. */
    @Nullable
    Settled settled(Frame.TurnSettled settled) {
        AgentTurn holder = holder(settled.turn());
        AgentTurn turn = holder == null ? settling.remove(settled.turn()) : holder;
        if (turn == null) {
            return null;
        }
        account(turn, settled.positionMillis(), settled.complete());
        if (holder != null) {
            agent = null;
            turns.agentHasFloor(false);
        }
        return new Settled(turn, settled.complete(), holder != null);
    }

    /** The phone has just played the end of a sentence, and more is to come. */
    boolean isBetweenSentences() {
        AgentTurn turn = agent;
        String heard = turn == null ? "" : heardSoFar(turn.number);
        return !heard.isEmpty() && ".!?".indexOf(heard.charAt(heard.length() - 1)) >= 0;
    }

    /**
     * What the agent has still to say in its turn, for another worker to say; nothing unless the phone has been stopped and
     * the words are complete, or if the call ends with them. A word that was broken off is said again from its beginning. It
     * is this worker's no more.
     */
    Carried unsaid() {
        AgentTurn turn = agent;
        if (turn == null || turn.thenEnd != null || mind.isAnswering() || !audioOut.isStopped()) {
            return Carried.NOTHING;
        }
        long heardMillis = audioOut.heardMillis(turn.number);
        long again = Math.max(turn.speech.wordBegunMillis(heardMillis), heardMillis - WORD_MOST_MILLIS);
        byte[] audio = audioOut.takeUnheard(Telephone.bytes(again));
        TurnSpeech.Unheard left = turn.speech.unheard(heardMillis, audio, mouth.unsaid());
        return new Carried(left.speech(), left.rest());
    }

    /** Accounts for everything still open as far as it was heard, and stops; returns how many turns that were. */
    int close() {
        discardHeld();
        AgentTurn turn = agent;
        agent = null;
        if (turn != null) {
            settling.put(turn.number, turn);
        }
        int open = settling.size();
        settling.values().forEach(cut -> account(cut, audioOut.heardMillis(cut.number), false));
        settling.clear();
        mind.cancel();
        mouth.close();
        audioOut.close();
        return open;
    }

    private void account(AgentTurn turn, long positionMillis, boolean complete) {
        String heard =
                complete ? turn.speech.text().all().strip() : turn.speech.text().heardBy(positionMillis);
        conversation.agentHeard(turn.number, heard, complete);
        turn.journalHeard(positionMillis, journal);
        TurnRecord record = turn.record(loop.nanos(), positionMillis, tokens.sinceLast(mind), complete);
        long latency = turn.latencyNanos();
        journal.add(CallJournal.Line.said(
                turn.number, heard, !complete, latency < 0 ? null : (int) (latency / 1_000_000), record.json()));
        meter.turnOver(setup, record);
        if (!complete) {
            meter.interrupted();
        }
    }

    private void awaitedSince(long nanos, long quietMillis) {
        awaitedSinceNanos = nanos - TimeUnit.MILLISECONDS.toNanos(quietMillis + VoicePatience.WORDS_LATE_MILLIS);
    }

    /** A worker that takes over many calls at once may be slow itself: until it has spoken in one it has the usual time. */
    private long voicePatience(boolean hasSpoken, boolean lastChance) {
        boolean strained = setup.handOver() && !hasSpoken;
        if (strained || mouth.knows(phrases.nextFiller())) {
            return Patience.USUAL_MILLIS + waitingMillis();
        }
        long awaited = TimeUnit.NANOSECONDS.toMillis(loop.nanos() - awaitedSinceNanos);
        return VoicePatience.millis(Math.min(awaited, audioOut.silentMillis()) + silentBeforeMillis, lastChance);
    }

    private long waitingMillis() {
        return audioOut.waitingMillis() + (held == null ? 0 : held.heldMillis());
    }

    private String heardSoFar(int turn) {
        AgentTurn holder = holder(turn);
        AgentTurn known = holder == null ? settling.get(turn) : holder;
        return known == null ? "" : known.speech.text().heardBy(audioOut.heardMillis(turn));
    }

    /** What the way out reports. */
    private final class Out implements AudioOutListener {
        @Override
        public void onFirstAudio(int turn) {
            AgentTurn now = holder(turn);
            silentBeforeMillis = 0;
            if (now != null) {
                now.audioSent(loop.nanos());
                if (now.latencyNanos() >= 0) {
                    meter.answered(now.latencyNanos());
                }
            }
        }

        @Override
        public void onHeardUpTo(int turn, long positionMillis) {
            AgentTurn now = holder(turn);
            if (now != null) {
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
