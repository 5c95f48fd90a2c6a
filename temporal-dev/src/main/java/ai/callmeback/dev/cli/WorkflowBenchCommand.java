package ai.callmeback.dev.cli;

import ai.callmeback.dev.bench.WorkflowBench;
import ai.callmeback.dev.env.Checkout;
import ai.callmeback.dev.env.MachineCache;
import ai.callmeback.dev.process.Ports;
import ai.callmeback.dev.process.ProcessSpec;
import ai.callmeback.dev.process.Supervisor;
import ai.callmeback.dev.temporal.SearchAttributes;
import ai.callmeback.dev.temporal.TemporalLadder;
import ai.callmeback.dev.temporal.TemporalProcess;
import ai.callmeback.dev.temporal.TemporalSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Exit code 0 if the ratio reached its target. */
@Command(
        name = "workflow",
        mixinStandardHelpOptions = true,
        description = {
            "Call workflows per second with instant activities beside a no-op workflow with as many activities and"
                    + " signals.",
            "Uses TEMPORAL_ADDRESS if set, else a scratch server of its own.",
            "Exit code: 0 if the ratio is at least 0.9, else 1."
        })
final class WorkflowBenchCommand implements Callable<Integer> {
    static final double TARGET_RATIO = 0.9;
    private static final String NAMESPACE = "default";
    private static final Duration SERVER_READY_WITHIN = Duration.ofSeconds(60);

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Option(names = "--parallel", description = "Workflows at the same time (default: ${DEFAULT-VALUE}).")
    int parallel = 10;

    @Option(names = "--rounds", description = "Rounds, each with both workflows (default: ${DEFAULT-VALUE}).")
    int rounds = 4;

    @Option(names = "--per-round", description = "Workflows of each kind in a round (default: ${DEFAULT-VALUE}).")
    int perRound = 25;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = Console.ofThisCommand();
        WorkflowBench.Result result = measure(console);
        console.line(
                "%.1f call workflows per second, %.1f no-ops with as many (%d) activities, ratio %.2f (at least %.1f)"
                        .formatted(
                                result.workflowsPerSecond(),
                                result.noopWorkflowsPerSecond(),
                                result.activitiesPerWorkflow(),
                                result.ratio(),
                                TARGET_RATIO));
        if (json) {
            console.json(result);
        }
        return result.ratio() >= TARGET_RATIO ? 0 : 1;
    }

    private WorkflowBench.Result measure(Console console) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("callmeback-bench-");
        Path machineCache = MachineCache.directory(System.getenv());
        try (Ports ports = Ports.freeOnly();
                Supervisor supervisor = new Supervisor(directory.resolve("logs"), console::step)) {
            TemporalSource source = new TemporalLadder(
                            System.getenv(), machineCache, Checkout.find().goModule(), console::step)
                    .resolve();
            int port = ports.take(0);
            Path data = Files.createDirectories(directory.resolve("temporal"));
            ProcessSpec server = switch (source) {
                case TemporalSource.Running running -> null;
                case TemporalSource.Cli cli ->
                    TemporalProcess.server(
                            cli,
                            data,
                            NAMESPACE,
                            port,
                            ports.take(0),
                            "http://127.0.0.1",
                            SearchAttributes.ALL,
                            Map.of());
                case TemporalSource.InJvm inJvm ->
                    TemporalProcess.inJvm(data, NAMESPACE, port, SearchAttributes.ALL, Map.of());
            };
            if (server != null && !supervisor.start(server).awaitReady(SERVER_READY_WITHIN)) {
                throw new IllegalStateException(
                        "Temporal was not ready within " + SERVER_READY_WITHIN.toSeconds() + " s");
            }
            String target = source instanceof TemporalSource.Running running ? running.target() : "127.0.0.1:" + port;
            return new WorkflowBench(target, NAMESPACE, parallel, rounds, perRound, console::step).run();
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
    }
}
