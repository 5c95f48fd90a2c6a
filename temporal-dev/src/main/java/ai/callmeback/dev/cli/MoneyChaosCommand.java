package ai.callmeback.dev.cli;

import ai.callmeback.dev.StackException;
import ai.callmeback.dev.StackOptions;
import ai.callmeback.dev.chaos.money.MoneyChaos;
import ai.callmeback.dev.chaos.money.MoneyReport;
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

/** Exit code 0 if our books equal the vendors' journals and the audit is clean. */
@Command(
        name = "money",
        mixinStandardHelpOptions = true,
        description = {
            "Lets people buy, be called, be refunded and dispute while processes are killed before and after what they write",
            "and what they ask of vendors, webhooks are lost, doubled and shuffled, and the payment vendor's clock is off.",
            "Runs in an environment of its own, of real processes, and leaves nothing of it behind.",
            "Then our books are held against the vendors' journals. See docs/operations/chaos-money.md.",
            "The last line is one JSON object: {kills, purchases, calls, duplicateGrants, lostGrants, unresolvedHolds,",
            "differencesFromJournals, differenceUsdMicros, auditOk}.",
            "Exit code: 0 if nothing differs, all came to an end and the audit is clean, else 1."
        })
final class MoneyChaosCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Option(names = "--purchases", paramLabel = "N", description = "Purchases (default: ${DEFAULT-VALUE}).")
    int purchases = 24;

    @Option(names = "--calls", paramLabel = "M", description = "Calls (default: ${DEFAULT-VALUE}).")
    int calls = 8;

    @Option(names = "--kills", paramLabel = "K", description = "Processes killed (default: ${DEFAULT-VALUE}).")
    int kills = 12;

    @Option(
            names = "--seed",
            description = "Draws the purchases and their fates, the kills and the faults (default: ${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(names = "--json", description = "The JSON object is printed in any case.")
    boolean json;

    @Override
    public Integer call() throws IOException, StackException, InterruptedException {
        MoneyChaos.Options options = options();
        Console console = Console.ofThisCommand();
        Path directory = Files.createTempDirectory("callmeback-chaos-");
        @Nullable MoneyReport report = null;
        try (UpCommand.Running running =
                UpCommand.Running.start(StackOptions.isolated(Checkout.find(), directory), console)) {
            report = new MoneyChaos(running.stack(), options, console::step).run();
            report.findings().forEach(finding -> console.line("WRONG: " + finding));
        } finally {
            if (report != null && report.ok()) {
                FileSystemUtils.deleteRecursively(directory);
            } else {
                console.line("The logs are in " + directory.resolve("logs"));
            }
        }
        console.json(report.figures());
        return report.ok() ? 0 : 1;
    }

    private MoneyChaos.Options options() {
        try {
            return new MoneyChaos.Options(purchases, calls, kills, seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
