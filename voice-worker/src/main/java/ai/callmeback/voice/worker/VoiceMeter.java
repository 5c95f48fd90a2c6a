package ai.callmeback.voice.worker;

import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.voice.call.TurnMeter;
import ai.callmeback.voice.call.TurnRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Turns and lateness as metrics, and turns in the traces of their calls. */
final class VoiceMeter implements TurnMeter {
    private final Timer latency;
    private final Timer endOfTurn;
    private final Timer firstWords;
    private final Timer firstSpeech;
    private final DistributionSummary heard;
    private final Counter promptTokens;
    private final Counter completionTokens;
    private final Counter characters;
    private final Counter fillers;
    private final Counter interruptions;
    private final Counter lateFrames;
    private final Counter lateMillis;
    private final Counter starvedFrames;
    private final Timer drained;
    private final Timer lost;
    private final VoiceTraces traces;

    VoiceMeter(MeterRegistry registry, VoiceTraces traces) {
        this.traces = traces;
        latency = timer(registry, "voice.turn.latency", "End of the user's turn to the first audio frame sent");
        endOfTurn = timer(registry, "voice.turn.end", "The user's last words to the end of the turn: speech-to-text");
        firstWords =
                timer(registry, "voice.turn.first.words", "End of the user's turn to the language model's first words");
        firstSpeech = timer(registry, "voice.turn.first.speech", "The model's first words to the first sound of them");
        heard = DistributionSummary.builder("voice.turn.heard")
                .description("Of a turn of the agent, played by the phone")
                .baseUnit("milliseconds")
                .register(registry);
        promptTokens = registry.counter("voice.tokens", "kind", "prompt");
        completionTokens = registry.counter("voice.tokens", "kind", "completion");
        characters = registry.counter("voice.characters");
        fillers = registry.counter("voice.fillers");
        interruptions = registry.counter("voice.turn.interrupted");
        lateFrames = registry.counter("voice.frames.late");
        lateMillis = registry.counter("voice.late.millis");
        starvedFrames = registry.counter("voice.frames.starved");
        drained = handOvers(registry, "drained");
        lost = handOvers(registry, "lost");
    }

    private static Timer handOvers(MeterRegistry registry, String how) {
        return Timer.builder("voice.handover.gap")
                .description("The last line of one leg of a call to the claim of the next")
                .tag("how", how)
                .publishPercentiles(0.5, 0.95)
                .register(registry);
    }

    private static Timer timer(MeterRegistry registry, String name, String description) {
        return Timer.builder(name)
                .description(description)
                .publishPercentiles(0.5, 0.95, 0.99)
                .register(registry);
    }

    @Override
    public void answered(long latencyNanos) {
        latency.record(latencyNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void interrupted() {
        interruptions.increment();
    }

    @Override
    public void legOver(int late, long millis, int starved) {
        lateFrames.increment(late);
        lateMillis.increment((double) millis);
        starvedFrames.increment(starved);
    }

    @Override
    public void turnOver(CallSetup leg, TurnRecord turn) {
        // What a guess did before the turn was over cost nobody time.
        if (turn.answers()) {
            between(endOfTurn, turn.lastWordsNanos(), turn.askedNanos());
            between(firstWords, turn.askedNanos(), turn.firstWordsNanos());
        }
        between(firstSpeech, turn.firstWordsNanos(), turn.firstSpeechNanos());
        heard.record((double) turn.heardMillis());
        promptTokens.increment((double) turn.promptTokens());
        completionTokens.increment((double) turn.completionTokens());
        characters.increment((double) turn.plannedCharacters());
        fillers.increment(turn.fillers());
        traces.turnOver(leg, turn);
    }

    private static void between(Timer timer, long fromNanos, long toNanos) {
        if (fromNanos != 0 && toNanos != 0) {
            timer.record(Math.max(0, toNanos - fromNanos), TimeUnit.NANOSECONDS);
        }
    }

    /**
     * A call has come from another leg.
     *
     * @param before the number of that leg
     * @param lastSign when it was last known to live
     */
    void handedOver(CallSetup leg, int before, Instant lastSign, Instant now) {
        Duration gap = Duration.between(lastSign, now);
        (leg.carried() == null ? lost : drained).record(gap.isNegative() ? Duration.ZERO : gap);
        traces.handedOver(leg, before, lastSign, now);
    }

    @Override
    public void legOver(CallSetup leg, Instant end, long lastedNanos, String reason) {
        traces.legOver(leg, end, lastedNanos, reason);
    }
}
