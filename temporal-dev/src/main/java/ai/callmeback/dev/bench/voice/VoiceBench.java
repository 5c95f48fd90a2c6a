package ai.callmeback.dev.bench.voice;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Holds N calls at once against a worker process pinned to the first processor; phones and vendors run in this process,
 * pinned to the second. Beside it, as yardstick, the same phones against a relay that only parses and sends back.
 */
public final class VoiceBench {
    /**
     * The first call is alone for a while, then the others come one after another: what a worker does for the first time is
     * slow, and 50 calls that begin within one second on one processor would find out how slow.
     */
    private static final long FIRST_ALONE_MILLIS = 3_000;

    private static final long RAMP_MILLIS = 9_000;

    /** Faster than this, a worker on one young processor sends calls on to the next worker, and here is none. */
    private static final long RAMP_MILLIS_A_CALL = 200;

    /** Fewer calls than this are measured after so many have been held: one alone would take hours to warm the code. */
    private static final int WARM_CALLS = 50;

    /** A percentile of six turns says nothing. */
    private static final int LEAST_TURNS = 30;

    private static final int SETTLE_MOST_SECONDS = 180;

    private final int calls;
    private final int seconds;
    private final int warmUpSeconds;
    private final Path log;
    private final Consumer<String> progress;

    /** @param log takes what the measured processes have to say */
    public VoiceBench(int calls, int seconds, int warmUpSeconds, Path log, Consumer<String> progress) {
        this.calls = calls;
        this.seconds = seconds;
        this.warmUpSeconds = warmUpSeconds;
        this.log = log;
        this.progress = progress;
    }

    /** The yardstick, measured like the worker: with the same calls, and its compilers at rest. */
    public record Relay(int calls, double cpuPercentPerCall, Map<ProcessorUse.Part, Double> cpuPercentByPart) {}

    /**
     * @param turns measured: those of the measuring time, which lasts longer if they are few
     * @param cpuPercentByPart of the whole processor, not of a call; empty where the system does not tell
     * @param memoryKiBPerCall above a process without calls; with fewer than 50, taken while 50 were held
     * @param bytesPerFrame allocated by the whole process, turns included, over all media frames in and out
     * @param ratioToRelay CPU per call of the relay over that of the worker: 1 means the pipeline is free
     */
    public record Result(
            int calls,
            int turns,
            Latency endOfTurnToFirstAudioMs,
            Stages stages,
            int lateFrames,
            double cpuPercentPerCall,
            Map<ProcessorUse.Part, Double> cpuPercentByPart,
            double memoryKiBPerCall,
            double bytesPerFrame,
            Relay relay,
            double ratioToRelay) {}

    /** The three waits of a turn, one after the other: for the model, for the voice, and for the frame to go out. */
    public record Stages(Latency toFirstWordsMs, Latency toFirstSpeechMs, Latency toFirstFrameMs) {
        private static Stages of(List<VoiceBenchWorker.Turn> turns) {
            return new Stages(
                    Latency.of(turns.stream()
                            .map(VoiceBenchWorker.Turn::firstWordsMs)
                            .toList()),
                    Latency.of(turns.stream()
                            .map(turn -> turn.firstSpeechMs() - turn.firstWordsMs())
                            .toList()),
                    Latency.of(turns.stream()
                            .map(turn -> turn.firstAudioMs() - turn.firstSpeechMs())
                            .toList()));
        }
    }

    private record Measured(MeasuredProcess.Window window, double kib) {}

    /** Runs both; takes about twice the time for calls to come, the warm-up and the measuring time. */
    public Result run() throws IOException, InterruptedException {
        try (BenchStage stage = new BenchStage(log, progress)) {
            progress.accept(calls + " calls, " + warmUpSeconds + " s to warm up, " + seconds + " s measured");
            Measured worker = measure(stage, VoiceBenchWorker.Kind.WORKER);
            progress.accept("the same with a bare relay");
            MeasuredProcess.Window relay =
                    measure(stage, VoiceBenchWorker.Kind.RELAY).window();
            MeasuredProcess.Window window = worker.window();
            return new Result(
                    calls,
                    window.answersMs().size(),
                    Latency.of(window.answersMs()),
                    Stages.of(window.turns()),
                    window.lateFrames(),
                    Figures.round(window.cpuPercent() / calls),
                    window.cpuPercentByPart(),
                    Figures.round(worker.kib()),
                    Figures.round((double) window.allocatedBytes() / window.frames()),
                    new Relay(calls, Figures.round(relay.cpuPercent() / calls), relay.cpuPercentByPart()),
                    Figures.round(relay.cpuPercent() / window.cpuPercent()));
        }
    }

    private Measured measure(BenchStage stage, VoiceBenchWorker.Kind kind) throws IOException, InterruptedException {
        try (MeasuredProcess measured = stage.start(kind)) {
            long idle = measured.usedBytes();
            measured.ring(1, 0);
            measured.talk(FIRST_ALONE_MILLIS);
            int warm = Math.max(calls, WARM_CALLS);
            long rampMillis = Math.max(RAMP_MILLIS, RAMP_MILLIS_A_CALL * warm);
            measured.ring(warm - 1, rampMillis * 1000);
            measured.talk(rampMillis + warmUpSeconds * 1000L);
            measured.settle(SETTLE_MOST_SECONDS);
            double kib = (measured.usedBytes() - idle) / 1024.0 / warm;
            measured.leave(calls);
            measured.talk(1000);
            return new Measured(measured.measure(seconds, kind == VoiceBenchWorker.Kind.RELAY ? 0 : LEAST_TURNS), kib);
        }
    }
}
