package ai.callmeback.dev.bench.voice;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * How many calls one processor carries: calls are added by twenties until the limits do not hold any more. For the worker the
 * limits are a p95 from end of turn to first audio, and no late frame; for the relay the same p95 from a frame sent to a
 * frame back.
 */
public final class VoiceLimit {
    private static final int STEP = 20;
    private static final int MOST = 400;
    private static final int SETTLE_SECONDS = 5;

    /** Beyond this it is the phones' side that is late, and the figure a lower bound. */
    private static final double PHONES_LATE_MILLIS = 15;

    private final double p95Millis;
    private final int seconds;
    private final Path log;
    private final Consumer<String> progress;

    /** @param seconds of each measure */
    public VoiceLimit(double p95Millis, int seconds, Path log, Consumer<String> progress) {
        this.p95Millis = p95Millis;
        this.seconds = seconds;
        this.log = log;
        this.progress = progress;
    }

    /** What ended the search. */
    public enum LimitedBy {
        WORKER,
        /** The bench's own side was late, or the search had reached its end: the worker may carry more. */
        PHONES
    }

    /** @param ratio of the worker's calls to the relay's */
    public record Result(
            double limitP95Ms,
            int highestCalls,
            LimitedBy limitedBy,
            int relayHighestCalls,
            LimitedBy relayLimitedBy,
            double ratio) {}

    private record Found(int calls, LimitedBy by) {}

    /** Minutes, depending on what is found. */
    public Result run() throws IOException, InterruptedException {
        try (BenchStage stage = new BenchStage(log, progress)) {
            progress.accept("the bare relay");
            Found relay = search(stage, VoiceBenchWorker.Kind.RELAY);
            progress.accept("the worker");
            Found worker = search(stage, VoiceBenchWorker.Kind.WORKER);
            return new Result(
                    p95Millis,
                    worker.calls(),
                    worker.by(),
                    relay.calls(),
                    relay.by(),
                    relay.calls() == 0 ? 0 : Figures.round((double) worker.calls() / relay.calls()));
        }
    }

    private Found search(BenchStage stage, VoiceBenchWorker.Kind kind) throws IOException, InterruptedException {
        boolean relay = kind == VoiceBenchWorker.Kind.RELAY;
        try (MeasuredProcess measured = stage.start(kind)) {
            for (int calls = STEP; calls <= MOST; calls += STEP) {
                measured.ring(STEP, SETTLE_SECONDS * 1_000_000L);
                // The first step is the warm-up as well.
                measured.talk(1000L * SETTLE_SECONDS * (calls == STEP ? 4 : 2));
                MeasuredProcess.Window window = measured.measure(seconds, 0);
                double p95 = Latency.of(relay ? window.echoesMs() : window.answersMs())
                        .p95();
                double phonesLate = Latency.of(window.ticksMs()).p95();
                progress.accept(
                        "%d calls: p95 %.1f ms, %d late frames, %.0f %% of a processor; phones' clock late %.1f ms"
                                .formatted(
                                        calls, p95, relay ? 0 : window.lateFrames(), window.cpuPercent(), phonesLate));
                if (phonesLate > PHONES_LATE_MILLIS) {
                    return new Found(calls - STEP, LimitedBy.PHONES);
                }
                if (p95 > p95Millis || (!relay && window.lateFrames() > 0)) {
                    return new Found(calls - STEP, LimitedBy.WORKER);
                }
            }
            return new Found(MOST, LimitedBy.PHONES);
        }
    }
}
