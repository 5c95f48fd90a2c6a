package ai.callmeback.dev.cli;

import ai.callmeback.dev.client.ApiClient;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Asks the API for the figures of a range. */
@Command(
        name = "figures",
        mixinStandardHelpOptions = true,
        description = {
            "Profit and loss, what it is made of and how far each figure can be trusted, from the ledger's entries.",
            "Exit code: 0 they are shown, 3 nothing runs in this checkout."
        })
final class FiguresCommand implements Callable<Integer> {
    enum Grain {
        day,
        week,
        month,
        total
    }

    private static final List<String> BY_PERIOD = List.of("cash_receipts", "revenue", "costs", "projected_profit");

    @Option(names = "--from", paramLabel = "DATE", description = "First day, UTC; the first of the month unless given.")
    @Nullable
    LocalDate from;

    @Option(
            names = {"--to", "--until"},
            paramLabel = "DATE",
            description = "Last day, UTC, included; today unless given.")
    @Nullable
    LocalDate to;

    @Option(names = "--grain", description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless given.")
    Grain grain = Grain.total;

    @Option(names = "--csv", description = "Print a table of every figure of every period, and nothing else.")
    boolean csv;

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = Console.ofThisCommand();
        Optional<ApiClient> running = RunningApi.find(console, json);
        if (running.isEmpty()) {
            return StatusCommand.NOTHING_RUNS;
        }
        ApiClient api = running.get();
        if (csv) {
            console.line(api.http().text("/api/finance/figures/csv" + query()).stripTrailing());
            return 0;
        }
        JsonNode report = api.http().get("/api/finance/figures" + query());
        show(console, report);
        if (json) {
            console.json(report);
        }
        return 0;
    }

    private String query() {
        LocalDate today = LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC);
        LocalDate last = to == null ? today : to;
        LocalDate first = from == null ? last.withDayOfMonth(1) : from;
        return "?from=%sT00:00:00Z&until=%sT00:00:00Z&grain=%s".formatted(first, last.plusDays(1), grain);
    }

    private static void show(Console console, JsonNode report) {
        JsonNode total = report.path("total");
        console.line("From %s until %s, read at %s"
                .formatted(
                        total.path("from").asString(),
                        total.path("until").asString(),
                        report.path("at").asString()));
        for (JsonNode figure : total.path("figures")) {
            console.line("  %-34s %16s  %s"
                    .formatted(
                            words(figure.path("name").asString()),
                            value(figure),
                            figure.path("state").asString()));
        }
        console.line("From the accrual view to the projected one:");
        for (JsonNode step : total.path("bridge")) {
            console.line("  %-34s %16s"
                    .formatted(
                            words(step.path("name").asString()),
                            "$" + step.path("usd").decimalValue().toPlainString()));
        }
        if (report.path("periods").size() > 1) {
            console.line("%-12s %s"
                    .formatted(
                            "from",
                            String.join(
                                    "",
                                    BY_PERIOD.stream()
                                            .map(name -> "%18s".formatted(words(name)))
                                            .toList())));
            report.path("periods").forEach(period -> console.line(row(period)));
        }
    }

    private static String row(JsonNode period) {
        StringBuilder row = new StringBuilder(
                "%-12s ".formatted(period.path("from").asString().substring(0, 10)));
        for (String name : BY_PERIOD) {
            for (JsonNode figure : period.path("figures")) {
                if (figure.path("name").asString().equals(name)) {
                    row.append("%18s".formatted(value(figure)));
                }
            }
        }
        return row.toString();
    }

    private static String value(JsonNode figure) {
        if (!figure.has("value")) {
            return "-";
        }
        String number = figure.path("value").decimalValue().toPlainString();
        return figure.path("unit").asString().startsWith("usd") ? "$" + number : number;
    }

    private static String words(String code) {
        return code.replace('_', ' ').toLowerCase(Locale.ROOT);
    }
}
