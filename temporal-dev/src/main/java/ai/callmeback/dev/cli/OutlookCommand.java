package ai.callmeback.dev.cli;

import ai.callmeback.dev.client.ApiClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Asks the API for what finance expects, and who brings in what. */
@Command(
        name = "outlook",
        mixinStandardHelpOptions = true,
        description = {
            "Break-even, forecast with its last error, what a minute of each product leaves, top users and personas.",
            "Exit code: 0 they are shown, 3 nothing runs in this checkout."
        })
final class OutlookCommand implements Callable<Integer> {
    @Option(names = "--limit", description = "How many users and personas; ${DEFAULT-VALUE} unless given.")
    int limit = 10;

    @Option(names = "--csv", description = "Print a table of all but the top users and personas, and nothing else.")
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
            console.line(api.http().text("/api/finance/outlook/csv").stripTrailing());
            return 0;
        }
        JsonNode outlook = api.http().get("/api/finance/outlook");
        breakEven(console, outlook.path("breakEven"));
        for (JsonNode forecast : outlook.path("forecasts")) {
            console.line("next 28 days: %-18s $%s (%s)"
                    .formatted(
                            forecast.path("figure").asString().replace('_', ' '),
                            text(forecast, "usd"),
                            forecast.has("lastError")
                                    ? "the last forecast was off by "
                                            + forecast.path("lastError")
                                                    .decimalValue()
                                                    .movePointRight(2)
                                                    .toPlainString()
                                            + " %"
                                    : "no forecast to compare with"));
        }
        for (JsonNode product : outlook.path("priceMatrix")) {
            console.line("  %-16s %8s min at $%s a minute, costs $%s, leaves %s"
                    .formatted(
                            product.path("product").asString(),
                            text(product, "minutes"),
                            text(product, "usdPerMinute"),
                            text(product, "costPerMinuteUsd"),
                            product.has("margin")
                                    ? product.path("margin")
                                                    .decimalValue()
                                                    .movePointRight(2)
                                                    .toPlainString() + " %"
                                    : "-"));
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("outlook", outlook);
        for (String by : new String[] {"users", "personas"}) {
            JsonNode shares =
                    api.http().get("/api/finance/top/" + by + "?limit=" + limit).path("shares");
            all.put(by, shares);
            console.line("top " + by + ":");
            for (JsonNode share : shares) {
                String subject = share.path("subject").asString();
                console.line("  %-38s %4d calls  revenue $%s  cost $%s"
                        .formatted(
                                subject.isEmpty() ? "(nobody's)" : subject,
                                share.path("calls").asLong(),
                                text(share, "revenueUsd"),
                                text(share, "costUsd")));
            }
        }
        if (json) {
            console.json(all);
        }
        return 0;
    }

    private static void breakEven(Console console, JsonNode even) {
        if (even.isMissingNode()) {
            console.line(
                    "break-even: cannot be said without a month's bill (./callmeback finance bills) and billed minutes that"
                            + " leave something");
            return;
        }
        console.line("break-even: %s minutes (%s calls) a month pay the $%s of %s; a minute leaves $%s"
                .formatted(
                        text(even, "minutesPerMonth"),
                        text(even, "callsPerMonth"),
                        text(even, "fixedUsd"),
                        even.path("month").asString(),
                        text(even, "leftPerMinuteUsd")));
    }

    private static String text(JsonNode node, String field) {
        return node.has(field) ? node.path(field).decimalValue().toPlainString() : "-";
    }
}
