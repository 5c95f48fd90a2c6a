package ai.callmeback.dev.cli;

import ai.callmeback.dev.RunFile;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.env.Checkout;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Asks for a run by the API, and waits for it. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = {
            "Holds our books against the records of Twilio and Stripe: corrects estimates, and makes cases of the rest.",
            "Exit code: 0 nothing is left over, 1 there are leftovers (see the cases), 2 it did not end in time,",
            "3 nothing runs in this checkout."
        })
final class ReconcileCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final Duration LOOK = Duration.ofMillis(500);

    @Option(names = "--from", paramLabel = "DATE", description = "First day, UTC; yesterday unless given.")
    @Nullable
    LocalDate from;

    @Option(names = "--until", paramLabel = "DATE", description = "Last day, UTC, included; today unless given.")
    @Nullable
    LocalDate until;

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = Console.ofThisCommand();
        Optional<JsonNode> running = new RunFile(Checkout.find().state()).read();
        if (running.isEmpty()) {
            console.line("nothing runs in this checkout; start it with: ./callmeback up");
            return StatusCommand.NOTHING_RUNS;
        }
        ApiClient api = ApiClient.demoUser(URI.create(running.get().path("api").asString()));
        JsonNode run = await(api, start(api));
        JsonNode progress = run.path("progress");
        console.line(
                "%d records: %d matched, %d corrected by $%s, %d without an amount yet, %d left over (%d new cases)"
                        .formatted(
                                progress.path("records").asLong(),
                                progress.path("matched").asLong(),
                                progress.path("corrected").asLong(),
                                progress.path("correctedUsd").asString(),
                                progress.path("late").asLong(),
                                progress.path("leftovers").asLong(),
                                progress.path("casesOpened").asLong()));
        if (json) {
            console.json(run);
        }
        if (!run.path("status").asString().equals("done")) {
            console.line("it is still running: GET /api/finance/reconciliations/"
                    + run.path("id").asString());
            return 2;
        }
        return progress.path("leftovers").asLong() == 0 ? 0 : 1;
    }

    private String start(ApiClient api) throws IOException, InterruptedException {
        LocalDate today = LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC);
        LocalDate first = from == null ? today.minusDays(1) : from;
        LocalDate last = until == null ? today : until;
        return api.http()
                .send(
                        "POST",
                        "/api/finance/reconciliations",
                        Map.of("from", first + "T00:00:00Z", "until", last.plusDays(1) + "T00:00:00Z"),
                        Map.of("Idempotency-Key", UUID.randomUUID().toString()))
                .path("id")
                .asString();
    }

    private static JsonNode await(ApiClient api, String id) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            JsonNode run = api.http().get("/api/finance/reconciliations/" + id);
            if (run.path("status").asString().equals("done") || Instant.now().isAfter(deadline)) {
                return run;
            }
            Thread.sleep(LOOK);
        }
    }
}
