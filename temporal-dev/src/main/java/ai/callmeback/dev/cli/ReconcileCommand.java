package ai.callmeback.dev.cli;

import ai.callmeback.dev.client.ApiClient;
import java.io.IOException;
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
            "Holds our books against the records of Twilio, Stripe, Deepgram and ElevenLabs: corrects estimates, and",
            "makes cases of the rest. A vendor that does not answer within ten minutes is left out; --resume goes on.",
            "Exit code: 0 nothing is left over, 1 there are leftovers (see the cases), 2 wrong options,",
            "3 nothing runs in this checkout, 4 it did not end within 45 minutes and goes on, 5 it is incomplete."
        })
final class ReconcileCommand implements Callable<Integer> {
    private static final String PATH = "/api/finance/reconciliations";
    private static final int STILL_RUNNING = 4;
    private static final int INCOMPLETE = 5;
    /** More than all four vendors away. */
    private static final Duration PATIENCE = Duration.ofMinutes(45);

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

    @Option(names = "--resume", paramLabel = "RUN", description = "Go on with an incomplete run, by its id.")
    @Nullable
    String resume;

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        LocalDate today = LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC);
        LocalDate last = until == null ? today : until;
        LocalDate first = from == null ? earlier(last, today.minusDays(1)) : from;
        if (resume != null && (from != null || until != null)) {
            throw new ParameterException(spec.commandLine(), "--resume goes on with the days of its run.");
        }
        if (last.isBefore(first)) {
            throw new ParameterException(
                    spec.commandLine(), "--until " + last + " is before the first day, " + first + ".");
        }
        Console console = Console.ofThisCommand();
        Optional<ApiClient> running = RunningApi.find(console, json);
        if (running.isEmpty()) {
            return StatusCommand.NOTHING_RUNS;
        }
        ApiClient api = running.get();
        String id = resume == null
                ? start(api, first, last)
                : api.http()
                        .post(PATH + "/" + resume + "/resume", Map.of())
                        .path("id")
                        .asString();
        console.step("reconciliation " + id
                + (resume == null
                        ? " holds " + first + " to " + last + " (UTC days) against the vendors"
                        : " goes on with what it has left out"));
        JsonNode run = await(api, id, console);
        boolean done = done(run);
        console.step((done ? "it is over: " : "it is not over yet: ") + figures(run.path("progress")));
        for (JsonNode gap : run.path("incomplete")) {
            console.line("INCOMPLETE: " + gap.path("vendor").asString() + ": "
                    + gap.path("reason").asString() + "; go on with --resume " + id);
        }
        if (!done) {
            console.line("It goes on; ask with GET " + PATH + "/" + id + ", or see the workflow reconciliation-" + id
                    + " in the Temporal UI.");
        }
        if (json) {
            console.json(run);
        }
        if (!done) {
            return STILL_RUNNING;
        }
        if (!run.path("incomplete").isEmpty()) {
            return INCOMPLETE;
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
                        PATH,
                        Map.of("from", first + "T00:00:00Z", "until", last.plusDays(1) + "T00:00:00Z"),
                        Map.of("Idempotency-Key", UUID.randomUUID().toString()))
                .path("id")
                .asString();
    }

    /** The run at its end, or as it is when patience ends; tells each change, and now and then that there is none. */
    private static JsonNode await(ApiClient api, String id, Console console) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        Instant told = Instant.now();
        JsonNode run = api.http().get(PATH + "/" + id);
        JsonNode known = run.path("progress");
        while (!done(run) && Instant.now().isBefore(deadline)) {
            Thread.sleep(LOOK);
            run = api.http().get(PATH + "/" + id);
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
        return !run.path("status").asString().equals("running");
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
