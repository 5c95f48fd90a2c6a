package ai.callmeback.dev.cli;

import ai.callmeback.dev.StackException;
import ai.callmeback.dev.StackOptions;
import ai.callmeback.dev.chaos.ChaosReport;
import ai.callmeback.dev.chaos.VoiceChaos;
import ai.callmeback.dev.env.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Exit code 0 if no call and no turn was lost, none repeated, and every settlement is right. */
@Command(
        name = "voice",
        mixinStandardHelpOptions = true,
        description = {
            "Lets simulated callers talk while voice workers are killed in mid-sentence or drained, each then started again.",
            "Runs in an environment of its own, of real processes, and leaves nothing of it behind.",
            "A gap is time in which the persona should have been heard and was not, by the phone's own record;",
            "the goals are 2 s (death) and 1 s (drain) at p95. See docs/operations/chaos.md.",
            "Exit code: 0 if no call was lost, no turn lost or repeated and no settlement wrong, else 1."
        })
final class VoiceChaosCommand implements Callable<Integer> {
    static final long GOAL_ON_DEATH_MILLIS = 2_000;
    static final long GOAL_ON_DRAIN_MILLIS = 1_000;

    @Spec
    CommandSpec spec;

    @Option(names = "--calls", paramLabel = "N", description = "Simulated callers (default: ${DEFAULT-VALUE}).")
    int calls = 10;

    @Option(
            names = "--kills",
            paramLabel = "K",
            description = "Faults, kills and drains together (default: ${DEFAULT-VALUE}).")
    int kills = 4;

    @Option(
            names = "--seed",
            description = "Draws the callers' words, the faults and their moments (default: ${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(names = "--voice-workers", paramLabel = "N", description = "At least two (default: ${DEFAULT-VALUE}).")
    int voiceWorkers = 2;

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Override
    public Integer call() throws IOException, StackException, InterruptedException {
        VoiceChaos.Options options = options();
        Console console = Console.ofThisCommand();
        Path directory = Files.createTempDirectory("callmeback-chaos-");
        @Nullable ChaosReport report = null;
        try (UpCommand.Running running = UpCommand.Running.start(
                StackOptions.isolated(Checkout.find(), directory).withVoiceWorkers(voiceWorkers), console)) {
            report = new VoiceChaos(running.stack(), options, console::step).run();
            print(report, console);
        } finally {
            if (report != null && report.ok()) {
                FileSystemUtils.deleteRecursively(directory);
            } else {
                console.line("The logs are in " + directory.resolve("logs"));
            }
        }
        if (json) {
            console.json(report.figures());
        }
        return report.ok() ? 0 : 1;
    }

    private VoiceChaos.Options options() {
        if (voiceWorkers < 2) {
            throw new ParameterException(
                    spec.commandLine(), "--voice-workers must be at least 2: somebody has to take the calls");
        }
        try {
            return new VoiceChaos.Options(calls, kills, seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static void print(ChaosReport report, Console console) {
        console.line("");
        report.findings().forEach(finding -> console.line("WRONG: " + finding));
        report.turns().differences().forEach(difference -> console.line("word: " + difference));
        console.line("%d calls, %d faults: %d calls lost, %d turns lost, %d repeated, %d settlements wrong"
                .formatted(
                        report.calls(),
                        report.kills(),
                        report.callsLost().size(),
                        report.turns().lost().size(),
                        report.turns().repeated().size(),
                        report.wrongSettlements().size()));
        line(console, "death", report.onDeath(), GOAL_ON_DEATH_MILLIS);
        line(console, "drain", report.onDrain(), GOAL_ON_DRAIN_MILLIS);
        console.line("%d words only one side has; %d more were heard that a dead worker could not write down"
                .formatted(report.turns().differences().size(), report.turns().unknownAtDeath()));
        console.line("an answer usually takes " + report.usualAnswerMillis() + " ms");
    }

    private static void line(Console console, String kind, ChaosReport.Gaps gaps, long goalMillis) {
        console.line(
                "gap on %s: p50 %d ms, p95 %d ms (goal %d: %s), longest %d ms; %d calls moved, in %d the persona was due"
                        .formatted(
                                kind,
                                gaps.p50(),
                                gaps.p95(),
                                goalMillis,
                                gaps.p95() <= goalMillis ? "met" : "missed",
                                gaps.longest(),
                                gaps.moved(),
                                gaps.due()));
    }
}
