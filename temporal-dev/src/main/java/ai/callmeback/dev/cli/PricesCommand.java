package ai.callmeback.dev.cli;

import ai.callmeback.dev.client.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The price book, a reading of all vendors' prices, and the decision about a change that waits. */
@Command(
        name = "prices",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what vendors ask for; reads their prices anew; accepts or refuses a change of a fifth or more.",
            "Exit code: 0 no change waits, 1 a change waits for a decision, 2 wrong options, 3 nothing runs in this",
            "checkout, 4 the reading did not end within ten minutes and goes on."
        })
final class PricesCommand implements Callable<Integer> {
    private static final int STILL_RUNNING = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(500);

    @Option(names = "--history", description = "Also prices that are in force no more.")
    boolean history;

    @Option(names = "--refresh", description = "Read all vendors' prices first, and wait for the end.")
    boolean refresh;

    @ArgGroup
    @Nullable
    Decision decision;

    @Option(names = "--note", paramLabel = "WORDS", description = "Why, with --accept and --refuse.")
    String note = "decided from the terminal";

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    static final class Decision {
        @Option(names = "--accept", paramLabel = "ID", description = "Put a change that waits into force.")
        @Nullable
        String accept;

        @Option(names = "--refuse", paramLabel = "ID", description = "Keep the old price.")
        @Nullable
        String refuse;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = Console.ofThisCommand();
        Optional<ApiClient> running = RunningApi.find(console, json);
        if (running.isEmpty()) {
            return StatusCommand.NOTHING_RUNS;
        }
        ApiClient api = running.get();
        Map<String, Object> result = new LinkedHashMap<>();
        if (refresh) {
            JsonNode run = refresh(api, console);
            result.put("refresh", run);
            if (!done(run)) {
                if (json) {
                    console.json(result);
                }
                return STILL_RUNNING;
            }
        }
        if (decision != null) {
            result.put("decided", decide(api, decision, console));
        }
        JsonNode book = api.http().get("/api/finance/prices?history=" + history);
        JsonNode changes = api.http().get("/api/finance/price-changes");
        result.put("prices", book.path("prices"));
        result.put("changes", changes.path("changes"));
        boolean waits = show(console, book, changes);
        if (json) {
            console.json(result);
        }
        return waits ? 1 : 0;
    }

    private static JsonNode refresh(ApiClient api, Console console) throws IOException, InterruptedException {
        String path = "/api/finance/price-refreshes";
        String id = api.http()
                .send(
                        "POST",
                        path,
                        Map.of(),
                        Map.of("Idempotency-Key", UUID.randomUUID().toString()))
                .path("id")
                .asString();
        Instant deadline = Instant.now().plus(PATIENCE);
        JsonNode run = api.http().get(path + "/" + id);
        while (!done(run) && Instant.now().isBefore(deadline)) {
            Thread.sleep(LOOK);
            run = api.http().get(path + "/" + id);
        }
        JsonNode progress = run.path("progress");
        console.step("%s: %d read, %d unchanged, %d changed, %d held, %d pages changed, %d sources failed"
                .formatted(
                        done(run) ? "prices were read" : "still reading",
                        progress.path("read").asLong(),
                        progress.path("unchanged").asLong(),
                        progress.path("changed").asLong(),
                        progress.path("held").asLong(),
                        progress.path("pagesChanged").asLong(),
                        progress.path("sourcesFailed").asLong()));
        return run;
    }

    private static boolean done(JsonNode run) {
        return run.path("status").asString().equals("done");
    }

    private JsonNode decide(ApiClient api, Decision decided, Console console) throws IOException, InterruptedException {
        boolean accepted = decided.accept != null;
        String id = accepted ? decided.accept : decided.refuse;
        JsonNode change = api.http()
                .post(
                        "/api/finance/price-changes/" + id + "/decide",
                        Map.of("verdict", accepted ? "accepted" : "refused", "note", note));
        console.step("change " + id + " is " + change.path("state").asString());
        return change;
    }

    private static boolean show(Console console, JsonNode book, JsonNode changes) {
        for (JsonNode price : book.path("prices")) {
            console.line("  %-12s %-12s %-24s %16s a %-10s %-8s from %s%s"
                    .formatted(
                            price.path("vendor").asString(),
                            price.path("operation").asString(),
                            price.path("model").asString(),
                            price.has("usd")
                                    ? "$" + price.path("usd").decimalValue().toPlainString()
                                    : "-",
                            price.path("unit").asString(),
                            price.path("source").asString(),
                            price.path("validFrom").asString(),
                            price.has("validUntil")
                                    ? " until " + price.path("validUntil").asString()
                                    : ""));
        }
        boolean waits = false;
        for (JsonNode change : changes.path("changes")) {
            if (change.path("state").asString().equals("pending")) {
                waits = true;
                console.line("waits for a decision: %s: %s %s %s, $%s instead of $%s a %s"
                        .formatted(
                                change.path("id").asString(),
                                change.path("vendor").asString(),
                                change.path("operation").asString(),
                                change.path("model").asString(),
                                change.path("newUsd").decimalValue().toPlainString(),
                                change.has("oldUsd")
                                        ? change.path("oldUsd").decimalValue().toPlainString()
                                        : "?",
                                change.path("unit").asString()));
            }
        }
        return waits;
    }
}
