package ai.callmeback.dev.cli;

import ai.callmeback.db.Database;
import ai.callmeback.db.DatabaseSettings;
import ai.callmeback.db.ledger.AuditReport;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.dev.RunningDatabase;
import ai.callmeback.dev.StackException;
import ai.callmeback.dev.env.Checkout;
import ai.callmeback.dev.env.Settings;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.springframework.r2dbc.core.DatabaseClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Proves the ledger of {@code DATABASE_URL}, else of what runs in this checkout. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Recomputes the whole ledger from its entries (sums, kinds, holds, grants, claw-backs, fees, costs) and",
            "prints each violation with its entries. Reads DATABASE_URL, else the database that runs in this checkout.",
            "Exit code: 0 nothing is wrong, 1 there are violations, 3 there is no database to read."
        })
final class AuditCommand implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LIMIT = Duration.ofMinutes(10);

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        Console console = Console.ofThisCommand();
        String url;
        try {
            url = databaseUrl();
        } catch (StackException e) {
            console.line(String.valueOf(e.getMessage()));
            if (json) {
                console.json(Map.of("running", false));
            }
            return StatusCommand.NOTHING_RUNS;
        }
        AuditReport report = audit(url);
        for (AuditReport.Violation violation : report.violations()) {
            console.line(violation.rule() + ": " + violation.subject() + ": " + violation.detail());
            JSON.readTree(violation.entries()).forEach(entry -> console.line("    " + words(entry)));
        }
        console.line(
                report.ok()
                        ? "The ledger is right."
                        : report.violations().size() + " violations (at most 100 of each rule are shown).");
        if (json) {
            console.json(Map.of(
                    "ok",
                    report.ok(),
                    "violations",
                    report.violations().stream().map(AuditCommand::shown).toList()));
        }
        return report.ok() ? 0 : 1;
    }

    private static String databaseUrl() throws IOException, StackException {
        Checkout checkout = Checkout.find();
        return RunningDatabase.url(checkout, Settings.load(checkout))
                .orElseThrow(() -> new StackException(
                        "no database: set DATABASE_URL, or start the local one with ./callmeback up"));
    }

    private static AuditReport audit(String url) {
        try (Database database = Database.open(DatabaseSettings.parse(url).withMaxConnections(1))) {
            DatabaseClient client = DatabaseClient.create(database.connectionFactory());
            return Objects.requireNonNull(
                    Ledger.on(client, InstantSource.system()).audit().block(LIMIT));
        }
    }

    private static String words(JsonNode entry) {
        return "posting %d line %d: %s %d %s"
                .formatted(
                        entry.path("posting_id").asLong(),
                        entry.path("line").asInt(),
                        entry.path("account").asString(),
                        entry.path("amount").asLong(),
                        entry.path("unit").asString());
    }

    private static Map<String, Object> shown(AuditReport.Violation violation) {
        return Map.of(
                "rule", violation.rule(),
                "subject", violation.subject(),
                "detail", violation.detail(),
                "entries", JSON.readTree(violation.entries()));
    }
}
