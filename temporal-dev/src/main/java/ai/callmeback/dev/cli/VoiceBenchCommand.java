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
            "Exit code: 0 if p95 is at most 25 ms and no phone ran dry, else 1.",
            "With --burst: all calls at once on a cold worker, with and without what guards it; exit code 0 if the",
            "guarded one lost none."
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

    @Option(names = "--burst", description = "All calls at once, on a worker that has just started.")
    boolean burst;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = Console.ofThisCommand();
        Path logs = Files.createDirectories(Checkout.find().state().resolve("logs"));
        VoiceBench bench = new VoiceBench(calls, seconds, warmUp, logs.resolve("bench-voice.log"), console::step);
        return burst ? burst(console, bench.burst()) : steady(console, bench.run());
    }

    private int burst(Console console, VoiceBench.BurstResult result) {
        line(
                console,
                "unguarded",
                result.calls(),
                result.unguarded().callsLost(),
                result.unguarded().connectToFirstAudioMs());
        line(console, "guarded", result.calls(), result.callsLost(), result.connectToFirstAudioMs());
        if (json) {
            console.json(result);
        }
        return result.callsLost() == 0 ? 0 : 1;
    }

    private static void line(Console console, String what, int calls, int lost, VoiceBench.Latency first) {
        console.line("%s: %d of %d calls lost; connect to first audio p50 %.0f, p95 %.0f, max %.0f ms"
                .formatted(what, lost, calls, first.p50(), first.p95(), first.max()));
    }

    private int steady(Console console, VoiceBench.Result result) {
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
