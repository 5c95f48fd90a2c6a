package ai.callmeback.simulators.deepgram;

import ai.callmeback.simulators.speech.SpeechCodec;
import ai.callmeback.simulators.speech.SpeechDecoder;
import ai.callmeback.simulators.tuning.Tuning;
import ai.callmeback.simulators.tuning.TuningSwitch;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * The Flux model without a socket, for evaluations in virtual time: hears turns from the audio alone, with an uncertainty
 * and a delay of its own. The same seed and the same audio give the same events.
 *
 * <p>Uncertainty: the patience with each pause is spread log-normally about the usual one; one full stop in eight is not
 * heard, and at one open pause in twenty one is heard that was not said. Delay: 70 to 170 ms after the audio.
 */
public final class OfflineFlux {
    private static final double PATIENCE_SPREAD = 0.4;
    private static final double STOP_MISSED = 1.0 / 8;
    private static final double STOP_IMAGINED = 1.0 / 20;
    private static final long LEAST_DELAY_MILLIS = 70;
    private static final long DELAY_SPREAD_MILLIS = 100;

    private final RandomGenerator random;
    private final FluxTurns turns;
    private final SpeechDecoder decoder;
    private long audioBytes;

    /** Receives what the model says. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param event as the vendor calls it: StartOfTurn, Update, EagerEndOfTurn, TurnResumed, EndOfTurn
         * @param delayMillis how long after the audio it is said
         */
        void turn(
                String event, int turnIndex, String transcript, double confidence, long audioMillis, long delayMillis);
    }

    /** @param eagerThreshold 0 for none */
    public OfflineFlux(double endThreshold, double eagerThreshold, RandomGenerator random, Listener listener) {
        this.random = random;
        ListenOptions options = new ListenOptions(
                true,
                "flux-general-en",
                1,
                8000,
                endThreshold,
                eagerThreshold,
                5000,
                false,
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                true,
                List.of(),
                List.of());
        this.turns = new FluxTurns(
                options,
                new TuningSwitch(new Tuning(0, 0, 0, 0, 0, 0)),
                this::pause,
                (event, index, start, end, transcript, confidence) ->
                        listener.turn(event.name(), index, transcript, confidence, audioMillis(), delay()));
        this.decoder = new SpeechDecoder(turns);
    }

    /** Takes the next audio, µ-law. */
    public void accept(byte[] audio) {
        audioBytes += audio.length;
        decoder.accept(audio, 0, audio.length);
        turns.heardAll();
    }

    public void forceEndTurn() {
        turns.forceEnd();
    }

    public long audioMillis() {
        return audioBytes / SpeechCodec.BYTES_PER_MILLI;
    }

    private long delay() {
        return LEAST_DELAY_MILLIS + random.nextLong(DELAY_SPREAD_MILLIS);
    }

    private FluxTurns.Pause pause() {
        double factor = Math.exp(PATIENCE_SPREAD * random.nextGaussian());
        double chance = random.nextDouble();
        FluxTurns.Ending ending = chance < STOP_MISSED
                ? FluxTurns.Ending.NO_STOP
                : chance > 1 - STOP_IMAGINED ? FluxTurns.Ending.STOP : FluxTurns.Ending.AS_SAID;
        return new FluxTurns.Pause(factor, ending);
    }
}
