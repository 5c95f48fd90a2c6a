package ai.callmeback.voice.call;

import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.voice.audio.Telephone;
import ai.callmeback.voice.mouth.TurnSpeech;
import ai.callmeback.voice.mouth.TurnSpeech.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One turn of the agent while it is thought, spoken and heard: its speech, its times, and what follows it. */
final class AgentTurn {
    /** Three models may be silent for four seconds each before the last gives up. */
    private static final int FILLERS_MOST = 4;

    final int number;
    final TurnSpeech speech = new TurnSpeech();
    /** When the user's turn ended that this one answers; 0 if it answers none. */
    private long askedAtNanos;

    final boolean interruptible;
    /** Why the call ends when this turn has been heard; null if it goes on. */
    @Nullable
    EndReason thenEnd;

    /** Says that the time is short. */
    boolean warns;

    /** Says so in the words laid down for it. */
    boolean warnedPlainly;

    /** What the model wants done; not before this turn is certain. */
    LlmEvent.@Nullable ToolCall wanted;

    private final List<Frame.Speech> held = new ArrayList<>();
    private Frame.@Nullable SpeechEnd heldEnd;
    private long heldBytes;
    private boolean guessed;
    private int doubts;

    private String personaId = "";
    private long quietMillis;
    private long firstWordsNanos;
    private long firstSpeechNanos;
    private long firstAudioNanos;
    private int firstUnheardSegment;
    private int fillers;

    AgentTurn(int number, long askedAtNanos, boolean interruptible, @Nullable EndReason thenEnd) {
        this.number = number;
        this.askedAtNanos = askedAtNanos;
        this.interruptible = interruptible;
        this.thenEnd = thenEnd;
    }

    /** Speech that must not be heard yet. */
    void hold(Frame.Speech speech) {
        held.add(speech);
        heldBytes += speech.piece().mulaw().readableBytes();
    }

    void holdEnd(Frame.SpeechEnd end) {
        heldEnd = end;
    }

    long heldMillis() {
        return Telephone.millis(heldBytes);
    }

    Frame.@Nullable SpeechEnd heldEnd() {
        return heldEnd;
    }

    /** It is the user's turn no more: gives what was held, in order, and holds nothing. */
    List<Frame.Speech> released(long atNanos) {
        askedAtNanos = atNanos;
        guessed = true;
        List<Frame.Speech> all = List.copyOf(held);
        held.clear();
        heldBytes = 0;
        return all;
    }

    /** It will never be heard. */
    void discardHeld() {
        held.forEach(Frame.Speech::discard);
        held.clear();
        heldBytes = 0;
    }

    /** Whether another sound of the user may stop this turn before it is known to be words; counts as one that did. */
    boolean doubt(int most) {
        return doubts++ < most;
    }

    void wordsCame(long nanos) {
        firstWordsNanos = firstWordsNanos == 0 ? nanos : firstWordsNanos;
    }

    void speechCame(long nanos) {
        firstSpeechNanos = firstSpeechNanos == 0 ? nanos : firstSpeechNanos;
    }

    void audioSent(long nanos) {
        firstAudioNanos = nanos;
    }

    /** Counts a filler; returns whether it is still one of the few a turn may have. */
    boolean fillerSaid() {
        return ++fillers <= FILLERS_MOST;
    }

    boolean answersNobody() {
        return askedAtNanos == 0;
    }

    /** Whether what was said of a turn that warns has told anybody. */
    boolean warned() {
        return warnedPlainly || Notes.speaksOfTime(speech.text().all());
    }

    boolean saidNothingYet() {
        return firstWordsNanos == 0;
    }

    /** From the end of the user's turn to the first audio frame sent, in nanoseconds; -1 if this answers none. */
    long latencyNanos() {
        return askedAtNanos == 0 || firstAudioNanos == 0 ? -1 : firstAudioNanos - askedAtNanos;
    }

    /**
     * Takes down how far each segment has been heard, those once heard to their end no more. The voice may send a
     * character's last sound with the next piece, so a segment is over when its last character is.
     */
    void journalHeard(long positionMillis, CallJournal journal) {
        boolean allBeforeOver = true;
        for (Segment segment :
                speech.segments().subList(firstUnheardSegment, speech.segments().size())) {
            if (segment.startMillis() >= positionMillis && segment.startMillis() > 0) {
                return;
            }
            long heard = Math.min(positionMillis, segment.lastSoundMillis()) - segment.startMillis();
            if (!segment.text().isEmpty()) {
                journal.add(CallJournal.Line.heard(number, segment.number(), (int) heard));
            }
            allBeforeOver &= positionMillis >= segment.lastSoundMillis();
            if (allBeforeOver) {
                firstUnheardSegment++;
            }
        }
    }

    /** @param quietMillis since the user's last words when the turn that this one answers was over */
    void quietBefore(long quietMillis) {
        this.quietMillis = quietMillis;
    }

    void spokenBy(String persona) {
        personaId = persona;
    }

    TurnRecord record(long nowNanos, long heardMillis, TokenMeter.Used tokens, boolean complete) {
        return new TurnRecord(
                number,
                personaId,
                askedAtNanos == 0 ? 0 : askedAtNanos - TimeUnit.MILLISECONDS.toNanos(quietMillis),
                askedAtNanos,
                firstWordsNanos,
                firstSpeechNanos,
                firstAudioNanos,
                nowNanos,
                heardMillis,
                speech.text().length(),
                tokens.prompt(),
                tokens.completion(),
                fillers,
                guessed,
                !complete);
    }
}
