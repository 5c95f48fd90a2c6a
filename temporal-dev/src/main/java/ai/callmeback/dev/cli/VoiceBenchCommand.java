package ai.callmeback.dev.cli;

import ai.callmeback.dev.bench.voice.Latency;
import ai.callmeback.dev.bench.voice.ProcessorUse;
import ai.callmeback.dev.bench.voice.VoiceBench;
import ai.callmeback.dev.bench.voice.VoiceBurst;
import ai.callmeback.dev.bench.voice.VoiceLimit;
import ai.callmeback.dev.env.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Exit code 0 if the first target was met. */
@Command(
        name = "voice",
        mixinStandardHelpOptions = true,
        description = {
            "Simultaneous calls on one processor against vendors without delay, beside a bare relay.",
            "Claims and journal rows stay in memory: what is measured is the audio path.",
            "The measuring begins when the compilers are at rest, three minutes after the calls at the latest.",
            "Exit code: 0 if p95 is at most 25 ms (5, 8, 15 with 1, 16, 100 calls), no phone ran dry, a call takes at",
            "most 1 MB and, with 16 calls or more, 0.7 % of a processor; else 1.",
            "With --burst: all calls at once on a cold worker, with and without what guards it; exit code 0 if the",
            "guarded one lost none.",
            "With --find-limit: the highest number of calls within 15 ms, and the relay's; exit code 0 at 0.7 of it."
        })
final class VoiceBenchCommand implements Callable<Integer> {
    /** By calls; for other numbers that of 50. */
    static final Map<Integer, Double> TARGETS_P95_MILLIS = Map.of(1, 5.0, 16, 8.0, 50, 25.0, 100, 15.0);

    static final double TARGET_SHARE_OF_RELAY = 0.7;

    private static final double TARGET_CPU_PERCENT_A_CALL = 0.7;

    /** With fewer, what a process costs that has anything to do at all is most of the figure. */
    private static final int CPU_JUDGED_FROM_CALLS = 16;

    private static final double TARGET_KIB_A_CALL = 1_000_000 / 1024.0;

    private static final int CALLS_MOST = 1500;
    private static final int SECONDS_MOST = 3600;

    @Spec
    CommandSpec spec;

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Option(names = "--calls", description = "Simultaneous calls (default: ${DEFAULT-VALUE}).")
    int calls = 50;

    @Option(
            names = "--seconds",
            description = "Measured time; longer if fewer than 30 turns were heard (default: ${DEFAULT-VALUE}).")
    int seconds = 30;

    @Option(names = "--warm-up", description = "Seconds before it (default: ${DEFAULT-VALUE}).")
    int warmUp = 20;

    @Option(names = "--burst", description = "All calls at once, on a worker that has just started.")
    boolean burst;

    @Option(names = "--find-limit", description = "Add calls until the limit of 100 calls does not hold any more.")
    boolean findLimit;

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        Console console = Console.ofThisCommand();
        Path logs = Files.createDirectories(Checkout.find().state().resolve("logs"));
        Path log = logs.resolve("bench-voice.log");
        if (burst) {
            return burst(console, new VoiceBurst(calls, seconds, log, console::step).run());
        }
        if (findLimit) {
            return limit(console, new VoiceLimit(TARGETS_P95_MILLIS.get(100), 10, log, console::step).run());
        }
        return steady(console, new VoiceBench(calls, seconds, warmUp, log, console::step).run());
    }

    private void check() {
        between("--calls", calls, 1, CALLS_MOST);
        between("--seconds", seconds, 1, SECONDS_MOST);
        between("--warm-up", warmUp, 0, SECONDS_MOST);
        if (burst && findLimit) {
            throw new ParameterException(
                    spec.commandLine(), "--burst and --find-limit are two measurements: choose one");
        }
    }

    private void between(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " must be " + least + " to " + most + ", not " + value);
        }
    }

    private int limit(Console console, VoiceLimit.Result result) {
        console.line(
                "at p95 <= %.0f ms: %d calls (ended by the %s), bare relay %d (by the %s), ratio %.2f (at least %.1f)"
                        .formatted(
                                result.limitP95Ms(),
                                result.highestCalls(),
                                name(result.limitedBy()),
                                result.relayHighestCalls(),
                                name(result.relayLimitedBy()),
                                result.ratio(),
                                TARGET_SHARE_OF_RELAY));
        if (json) {
            console.json(result);
        }
        return result.ratio() >= TARGET_SHARE_OF_RELAY ? 0 : 1;
    }

    private static String name(VoiceLimit.LimitedBy by) {
        return switch (by) {
            case WORKER -> "measured process";
            case PHONES -> "bench's own side";
        };
    }

    private int burst(Console console, VoiceBurst.Result result) {
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

    private static void line(Console console, String what, int calls, int lost, Latency first) {
        console.line("%s: %d of %d calls lost; connect to first audio p50 %.0f, p95 %.0f, max %.0f ms"
                .formatted(what, lost, calls, first.p50(), first.p95(), first.max()));
    }

    private int steady(Console console, VoiceBench.Result result) {
        Latency latency = result.endOfTurnToFirstAudioMs();
        double target = TARGETS_P95_MILLIS.getOrDefault(result.calls(), TARGETS_P95_MILLIS.get(50));
        console.line(
                "%d calls, %d turns: end of turn to first audio p50 %.1f, p95 %.1f (at most %.0f), p99 %.1f, max %.1f ms"
                        .formatted(
                                result.calls(),
                                result.turns(),
                                latency.p50(),
                                latency.p95(),
                                target,
                                latency.p99(),
                                latency.max()));
        console.line(
                "of it p50 / p95: %.1f / %.1f ms to the model's first words, %.1f / %.1f on to the voice, %.1f / %.1f out"
                        .formatted(
                                result.stages().toFirstWordsMs().p50(),
                                result.stages().toFirstWordsMs().p95(),
                                result.stages().toFirstSpeechMs().p50(),
                                result.stages().toFirstSpeechMs().p95(),
                                result.stages().toFirstFrameMs().p50(),
                                result.stages().toFirstFrameMs().p95()));
        console.line(
                "%d late frames; %.2f %% of a processor, %.0f KiB a call, %.0f bytes a frame; relay %.2f %% a call, ratio %.2f"
                        .formatted(
                                result.lateFrames(),
                                result.cpuPercentPerCall(),
                                result.memoryKiBPerCall(),
                                result.bytesPerFrame(),
                                result.relay().cpuPercentPerCall(),
                                result.ratioToRelay()));
        parts(console, "of the processor", result.cpuPercentByPart());
        parts(console, "of the relay's", result.relay().cpuPercentByPart());
        if (json) {
            console.json(result);
        }
        boolean dense = result.memoryKiBPerCall() <= TARGET_KIB_A_CALL
                && (result.calls() < CPU_JUDGED_FROM_CALLS || result.cpuPercentPerCall() <= TARGET_CPU_PERCENT_A_CALL);
        return latency.p95() <= target && result.lateFrames() == 0 && result.turns() > 0 && dense ? 0 : 1;
    }

    private static void parts(Console console, String of, Map<ProcessorUse.Part, Double> percents) {
        if (!percents.isEmpty()) {
            console.line(of + ": "
                    + percents.entrySet().stream()
                            .map(part -> "%s %.2f %%".formatted(part.getKey().words(), part.getValue()))
                            .collect(Collectors.joining(", ")));
        }
    }
}
