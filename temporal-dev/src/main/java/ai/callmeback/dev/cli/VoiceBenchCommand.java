package ai.callmeback.dev.cli;

import ai.callmeback.dev.bench.voice.VoiceBench;
import ai.callmeback.dev.env.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Exit code 0 if the first target was met. */
@Command(
        name = "voice",
        mixinStandardHelpOptions = true,
        description = {
            "Simultaneous calls on one processor against vendors without delay, beside a bare relay.",
            "Claims and journal rows stay in memory: what is measured is the audio path.",
            "Exit code: 0 if p95 is at most 25 ms and no phone ran dry, else 1."
        })
final class VoiceBenchCommand implements Callable<Integer> {
    static final double TARGET_P95_MILLIS = 25;

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Option(names = "--calls", description = "Simultaneous calls (default: ${DEFAULT-VALUE}).")
    int calls = 50;

    @Option(names = "--seconds", description = "Measured time (default: ${DEFAULT-VALUE}).")
    int seconds = 30;

    @Option(names = "--warm-up", description = "Seconds before it (default: ${DEFAULT-VALUE}).")
    int warmUp = 20;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = Console.ofThisCommand();
        Path logs = Files.createDirectories(Checkout.find().state().resolve("logs"));
        VoiceBench.Result result =
                new VoiceBench(calls, seconds, warmUp, logs.resolve("bench-voice.log"), console::step).run();
        VoiceBench.Latency latency = result.endOfTurnToFirstAudioMs();
        console.line("%d calls, %d turns: end of turn to first audio p50 %.1f, p95 %.1f, p99 %.1f, max %.1f ms"
                .formatted(result.calls(), result.turns(), latency.p50(), latency.p95(), latency.p99(), latency.max()));
        console.line("%d late frames; %.2f %% of a processor and %.0f KiB a call; relay %.2f %% a call, ratio %.2f"
                .formatted(
                        result.lateFrames(),
                        result.cpuPercentPerCall(),
                        result.memoryKiBPerCall(),
                        result.relay().cpuPercentPerCall(),
                        result.ratioToRelay()));
        if (json) {
            console.json(result);
        }
        return latency.p95() <= TARGET_P95_MILLIS && result.lateFrames() == 0 && result.turns() > 0 ? 0 : 1;
    }
}
