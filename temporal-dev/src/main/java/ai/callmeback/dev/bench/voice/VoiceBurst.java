package ai.callmeback.dev.bench.voice;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** All calls at once on a fresh process, with and without what guards against that. */
public final class VoiceBurst {
    private final int calls;
    private final int seconds;
    private final Path log;
    private final Consumer<String> progress;

    /** @param log takes what the measured processes have to say */
    public VoiceBurst(int calls, int seconds, Path log, Consumer<String> progress) {
        this.calls = calls;
        this.seconds = seconds;
        this.log = log;
        this.progress = progress;
    }

    /** What became of calls that all came at once, to a process that had just started. */
    public record Burst(int callsLost, Latency connectToFirstAudioMs) {}

    /** @param unguarded without a rehearsal, and with each call begun the moment it comes */
    public record Result(int calls, int callsLost, Latency connectToFirstAudioMs, Burst unguarded) {}

    /** Runs both; each is watched for the measuring time. */
    public Result run() throws IOException, InterruptedException {
        try (BenchStage stage = new BenchStage(log, progress)) {
            // The bench's own side must not be the cold one.
            progress.accept("a few calls to warm up this side");
            burst(stage, VoiceBenchWorker.Kind.WORKER);
            progress.accept(calls + " calls at once on a cold worker that neither rehearsed nor paces them");
            Burst unguarded = burst(stage, VoiceBenchWorker.Kind.UNGUARDED);
            progress.accept("the same on one that does");
            Burst guarded = burst(stage, VoiceBenchWorker.Kind.WORKER);
            return new Result(calls, guarded.callsLost(), guarded.connectToFirstAudioMs(), unguarded);
        }
    }

    private Burst burst(BenchStage stage, VoiceBenchWorker.Kind kind) throws IOException, InterruptedException {
        try (MeasuredProcess measured = stage.start(kind)) {
            measured.ring(calls, 0);
            measured.await(seconds * 1000L);
            List<BenchPhone> phones = measured.phones();
            int lost = (int) phones.stream()
                    .filter(phone -> phone.failure() != null || phone.turnsHeard() == 0)
                    .count();
            phones.stream()
                    .map(BenchPhone::failure)
                    .filter(Objects::nonNull)
                    .collect(Collectors.groupingBy(Throwable::toString, Collectors.counting()))
                    .forEach((why, count) -> progress.accept(count + " × " + why));
            return new Burst(
                    lost,
                    Latency.of(phones.stream()
                            .map(BenchPhone::firstAudioMillis)
                            .filter(millis -> millis >= 0)
                            .toList()));
        }
    }
}
