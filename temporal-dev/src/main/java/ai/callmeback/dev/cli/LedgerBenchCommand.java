package ai.callmeback.dev.cli;

import ai.callmeback.db.DatabaseSettings;
import ai.callmeback.dev.bench.LedgerBench;
import ai.callmeback.dev.env.Checkout;
import ai.callmeback.dev.env.MachineCache;
import ai.callmeback.dev.env.Settings;
import ai.callmeback.dev.postgres.LocalPostgres;
import ai.callmeback.dev.process.Ports;
import ai.callmeback.dev.process.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Exit code 0 if the ratio reached its target and the audit found nothing. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        description = {
            "Full postings per second beside bare SQL functions that write the same rows,",
            "and beside such functions that also update one hot row for each of the platform's accounts;",
            "then full postings of users with several grants, which go the general way.",
            "Uses a scratch database: on DATABASE_URL's server if set, else on a server of its own.",
            "Exit code: 0 if the ratio is at least 0.7 and the audit is clean, else 1."
        })
final class LedgerBenchCommand implements Callable<Integer> {
    static final double TARGET_RATIO = 0.7;
    private static final Duration SERVER_READY_WITHIN = Duration.ofSeconds(60);

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Option(names = "--connections", description = "Simultaneous connections (default: ${DEFAULT-VALUE}).")
    int connections = 20;

    @Option(names = "--seconds", description = "Length of each of the measured rounds (default: ${DEFAULT-VALUE}).")
    int seconds = 1;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = Console.ofThisCommand();
        String url = Settings.load(Checkout.find()).get("DATABASE_URL", "");
        LedgerBench.Result result = url.isBlank() ? onOwnServer(console) : on(url, console);
        console.line(
                "%.0f full postings per second, %.0f bare, ratio %.2f (at least %.1f), %.0f with hot rows, %.0f with several grants, audit %s"
                        .formatted(
                                result.postingsPerSecond(),
                                result.barePostingsPerSecond(),
                                result.ratio(),
                                TARGET_RATIO,
                                result.hotRowPostingsPerSecond(),
                                result.severalGrantsPostingsPerSecond(),
                                result.auditOk() ? "clean" : "FOUND VIOLATIONS"));
        if (json) {
            console.json(result);
        }
        return result.ratio() >= TARGET_RATIO && result.auditOk() ? 0 : 1;
    }

    private LedgerBench.Result on(String url, Console console) {
        return new LedgerBench(DatabaseSettings.parse(url), connections, Duration.ofSeconds(seconds), console::step)
                .run();
    }

    private LedgerBench.Result onOwnServer(Console console) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("callmeback-bench-");
        try (Ports ports = Ports.freeOnly();
                Supervisor supervisor = new Supervisor(directory.resolve("logs"), console::step)) {
            LocalPostgres postgres = LocalPostgres.prepare(
                    MachineCache.directory(System.getenv()),
                    directory.resolve("postgres"),
                    ports.take(0),
                    UUID.randomUUID().toString(),
                    console::step);
            if (!supervisor.start(postgres.process()).awaitReady(SERVER_READY_WITHIN)) {
                throw new IllegalStateException("PostgreSQL was not ready within " + SERVER_READY_WITHIN.toSeconds()
                        + " s; its log is in " + directory.resolve("logs"));
            }
            return on(postgres.url(), console);
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
    }
}
