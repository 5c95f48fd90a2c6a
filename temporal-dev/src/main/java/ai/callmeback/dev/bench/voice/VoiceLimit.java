package ai.callmeback.dev.bench.voice;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How many calls one processor carries: calls are added by fifties until the limits do not hold any more, twice in a row, and
 * then half of the last are let go again. For the worker the limits are a p95 from end of turn to first audio, and no late
 * frame; for the relay the same p95 from a frame sent to a frame back.
 */
public final class VoiceLimit {
    private static final int STEP = 50;
    private static final int MOST = 1500;

    /** Faster than this, a worker on one young processor sends calls on to the next worker, and here is none. */
    private static final long RAMP_MICROS = STEP * 200_000L;

    private static final long RAMP_MILLIS = RAMP_MICROS / 1000;
    private static final long CALM_MILLIS = 3000;
    private static final int SETTLE_MOST_SECONDS = 90;

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
        try (MeasuredProcess measured = stage.start(kind)) {
            for (int calls = STEP; calls <= MOST; calls += STEP) {
                measured.ring(STEP, RAMP_MICROS);
                measured.talk(RAMP_MILLIS + CALM_MILLIS);
                if (calls == STEP) {
                    measured.settle(SETTLE_MOST_SECONDS);
                }
                Verdict verdict = judgeTwice(measured, kind);
                if (verdict != Verdict.HOLDS) {
                    return new Found(halfWayBack(measured, kind, calls), verdict.limitedBy);
                }
            }
            return new Found(MOST, LimitedBy.PHONES);
        }
    }

    /** One miss may be the machine's. */
    private Verdict judgeTwice(MeasuredProcess measured, VoiceBenchWorker.Kind kind)
            throws IOException, InterruptedException {
        Verdict verdict = judge(measured, kind);
        return verdict == Verdict.HOLDS ? verdict : judge(measured, kind);
    }

    private int halfWayBack(MeasuredProcess measured, VoiceBenchWorker.Kind kind, int tooMany)
            throws IOException, InterruptedException {
        int fewer = tooMany - STEP / 2;
        measured.leave(fewer);
        measured.talk(CALM_MILLIS);
        return judgeTwice(measured, kind) == Verdict.HOLDS ? fewer : tooMany - STEP;
    }

    private enum Verdict {
        HOLDS(LimitedBy.PHONES),
        PHONES_LATE(LimitedBy.PHONES),
        TOO_SLOW(LimitedBy.WORKER);

        private final LimitedBy limitedBy;

        Verdict(LimitedBy limitedBy) {
            this.limitedBy = limitedBy;
        }
    }

    private Verdict judge(MeasuredProcess measured, VoiceBenchWorker.Kind kind)
            throws IOException, InterruptedException {
        boolean relay = kind == VoiceBenchWorker.Kind.RELAY;
        long ownBefore = ProcessorUse.ofThisProcess();
        MeasuredProcess.Window window = measured.measure(seconds, 0);
        double own = 100.0 * (ProcessorUse.ofThisProcess() - ownBefore) / TimeUnit.SECONDS.toNanos(seconds);
        double p95 = Latency.of(relay ? window.echoesMs() : window.answersMs()).p95();
        int late = relay ? 0 : window.lateFrames();
        double phonesLate = Latency.of(window.ticksMs()).p95();
        progress.accept(
                "%d calls: p95 %.1f ms, %d late frames, %.0f %% of a processor; phones' clock late %.1f ms, their side %.0f %%"
                        .formatted(measured.phones().size(), p95, late, window.cpuPercent(), phonesLate, own));
        if (phonesLate > PHONES_LATE_MILLIS) {
            return Verdict.PHONES_LATE;
        }
        return p95 > p95Millis || late > 0 ? Verdict.TOO_SLOW : Verdict.HOLDS;
    }
}
