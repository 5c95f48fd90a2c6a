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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Asks for a run by the API, tells how far it is, and waits for its end. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = {
            "Holds our books against the records of Twilio and Stripe: corrects estimates, and makes cases of the rest.",
            "Exit code: 0 nothing is left over, 1 there are leftovers (see the cases), 2 wrong options,",
            "3 nothing runs in this checkout, 4 it did not end within half an hour and goes on."
        })
final class ReconcileCommand implements Callable<Integer> {
    private static final int STILL_RUNNING = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final Duration LOOK = Duration.ofMillis(500);
    /** Silence for so long would look like a hang. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    @Spec
    CommandSpec spec;

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
        LocalDate today = LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC);
        LocalDate last = until == null ? today : until;
        LocalDate first = from == null ? earlier(last, today.minusDays(1)) : from;
        if (last.isBefore(first)) {
            throw new ParameterException(
                    spec.commandLine(), "--until " + last + " is before the first day, " + first + ".");
        }
        Console console = Console.ofThisCommand();
        Optional<JsonNode> running = new RunFile(Checkout.find().state()).read();
        if (running.isEmpty()) {
            console.line("nothing runs in this checkout; start it with: ./callmeback up");
            if (json) {
                console.json(Map.of("running", false));
            }
            return StatusCommand.NOTHING_RUNS;
        }
        ApiClient api = ApiClient.demoUser(URI.create(running.get().path("api").asString()));
        String id = start(api, first, last);
        console.step("reconciliation " + id + " holds " + first + " to " + last + " (UTC days) against the vendors");
        JsonNode run = await(api, id, console);
        boolean done = done(run);
        console.step((done ? "it is over: " : "it is not over yet: ") + figures(run.path("progress")));
        if (!done) {
            console.line("It goes on; ask with GET /api/finance/reconciliations/" + id
                    + ", or see the workflow reconciliation-" + id + " in the Temporal UI.");
        }
        if (json) {
            console.json(run);
        }
        if (!done) {
            return STILL_RUNNING;
        }
        return run.path("progress").path("leftovers").asLong() == 0 ? 0 : 1;
    }

    private static LocalDate earlier(LocalDate one, LocalDate other) {
        return one.isBefore(other) ? one : other;
    }

    private static String start(ApiClient api, LocalDate first, LocalDate last)
            throws IOException, InterruptedException {
        return api.http()
                .send(
                        "POST",
                        "/api/finance/reconciliations",
                        Map.of("from", first + "T00:00:00Z", "until", last.plusDays(1) + "T00:00:00Z"),
                        Map.of("Idempotency-Key", UUID.randomUUID().toString()))
                .path("id")
                .asString();
    }

    /** The run at its end, or as it is when patience ends; tells each change, and now and then that there is none. */
    private static JsonNode await(ApiClient api, String id, Console console) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        Instant told = Instant.now();
        JsonNode run = api.http().get("/api/finance/reconciliations/" + id);
        JsonNode known = run.path("progress");
        while (!done(run) && Instant.now().isBefore(deadline)) {
            Thread.sleep(LOOK);
            run = api.http().get("/api/finance/reconciliations/" + id);
            boolean moved = !run.path("progress").equals(known);
            if (!done(run) && (moved || Instant.now().isAfter(told.plus(QUIET)))) {
                console.step(figures(run.path("progress")) + (moved ? "" : "; waiting for the vendors"));
                known = run.path("progress");
                told = Instant.now();
            }
        }
        return run;
    }

    private static boolean done(JsonNode run) {
        return run.path("status").asString().equals("done");
    }

    private static String figures(JsonNode progress) {
        return "%d records: %d matched, %d corrected by $%s, %d without an amount yet, %d left over (%d new cases)"
                .formatted(
                        progress.path("records").asLong(),
                        progress.path("matched").asLong(),
                        progress.path("corrected").asLong(),
                        progress.path("correctedUsd").asString(),
                        progress.path("late").asLong(),
                        progress.path("leftovers").asLong(),
                        progress.path("casesOpened").asLong());
    }
}
