package ai.callmeback.api.finance;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.api.web.IdempotencyKeys;
import ai.callmeback.db.reconcile.ReconciliationRun;
import ai.callmeback.db.reconcile.ReconciliationRuns;
import ai.callmeback.domain.UsdMicros;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs that hold our books against vendors' records. The vendors are never asked here: a workflow does that. */
@RestController
@RequestMapping("/api/finance/reconciliations")
@Tag(name = "Finance")
class ReconciliationController {
    private static final Duration LONGEST = Duration.ofDays(92);
    private static final int SHOWN = 50;

    private final ReconciliationRuns runs;
    private final JsonMapper json;
    private final Clock clock;

    ReconciliationController(ReconciliationRuns runs, JsonMapper json, Clock clock) {
        this.runs = runs;
        this.json = json;
        this.clock = clock;
    }

    @Schema(name = "NewReconciliation")
    record Request(
            @Schema(example = "2026-11-20T00:00:00Z", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String from,

            @Schema(example = "2026-11-21T00:00:00Z", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String until) {}

    /** @param casesOpened of the leftovers; the others were cases before */
    @Schema(name = "ReconciliationProgress")
    record Progress(
            long records,
            long matched,
            long corrected,
            long late,
            long leftovers,
            long casesOpened,
            BigDecimal correctedUsd) {}

    @Schema(name = "ReconciliationGap")
    record GapView(String vendor, String reason) {}

    @Schema(name = "Reconciliation")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            String id,
            Instant from,
            Instant until,

            @Schema(description = "running, done, or incomplete: a vendor did not answer, and the run can be resumed")
            String status,

            @Schema(description = "a person's id, schedule or temporal")
            String startedBy,

            Progress progress,

            @ArraySchema(
                    arraySchema = @Schema(description = "Vendors of an incomplete run that were not held to the end"))
            List<GapView> incomplete,

            Instant createdAt,
            @Nullable Instant finishedAt) {}

    @Schema(name = "Reconciliations")
    record ListView(List<View> runs) {}

    @PostMapping
    @Operation(
            operationId = "startReconciliation",
            summary = "Hold our books against vendors' records over a range",
            description =
                    "At most 92 days. Estimates are corrected by entries of their own; what has no match is a case."
                            + " Another run over the same range changes nothing.")
    @MayAnswer({
        ProblemCode.IDEMPOTENCY_KEY_INVALID,
        ProblemCode.IDEMPOTENCY_CONFLICT,
        ProblemCode.FIELD_REQUIRED,
        ProblemCode.TIME_INVALID,
        ProblemCode.RANGE_INVALID
    })
    Mono<ResponseEntity<View>> start(
            @RequestBody Request body,
            @Parameter(description = IdempotencyKeys.RULE)
                    @RequestHeader(name = IdempotencyKeys.HEADER, required = false)
                    @Nullable
                    String idempotencyKey,
            @CurrentCaller Caller caller) {
        String key = caller.id() + ":" + IdempotencyKeys.checked(idempotencyKey);
        Checks checks = new Checks();
        Instant from = FinanceTimes.instant(checks, "from", body.from());
        Instant until = FinanceTimes.instant(checks, "until", body.until());
        checks.done();
        if (!from.isBefore(until) || Duration.between(from, until).compareTo(LONGEST) > 0) {
            checks.reject(
                    "until",
                    ProblemCode.RANGE_INVALID,
                    "'until' must be after 'from', by at most " + LONGEST.toDays() + " days.",
                    LONGEST.toDays());
        }
        checks.done();
        return runs.ask(UUID.randomUUID(), key, from, until, caller.id().toString(), clock.instant())
                .map(run -> {
                    if (!run.from().equals(from) || !run.until().equals(until)) {
                        throw IdempotencyKeys.conflict();
                    }
                    return ResponseEntity.accepted()
                            .location(URI.create("/api/finance/reconciliations/" + run.id()))
                            .body(view(run));
                });
    }

    @GetMapping
    @Operation(operationId = "listReconciliations", summary = "The latest runs")
    Mono<ListView> list() {
        return runs.latest(SHOWN).map(this::view).collectList().map(ListView::new);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getReconciliation", summary = "How far a run is")
    Mono<View> get(@PathVariable String id) {
        return found(runs.find(runId(id)));
    }

    @PostMapping("/{id}/resume")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            operationId = "resumeReconciliation",
            summary = "Hold what an incomplete run has left out",
            description = "It goes on where the vendor stopped answering. Any other run is answered as it stands.")
    Mono<View> resume(@PathVariable String id) {
        return found(runs.resume(runId(id), clock.instant()));
    }

    private static UUID runId(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("reconciliation");
        }
    }

    private Mono<View> found(Mono<ReconciliationRun> run) {
        return run.map(this::view).switchIfEmpty(Mono.error(() -> ProblemException.notFound("reconciliation")));
    }

    private View view(ReconciliationRun run) {
        JsonNode progress = json.readTree(run.progress());
        List<GapView> gaps = run.finishedAt() == null ? List.of() : gaps(run);
        return new View(
                run.id().toString(),
                run.from(),
                run.until(),
                run.finishedAt() == null ? "running" : gaps.isEmpty() ? "done" : "incomplete",
                run.startedBy(),
                new Progress(
                        progress.path("records").asLong(0),
                        progress.path("matched").asLong(0),
                        progress.path("corrected").asLong(0),
                        progress.path("late").asLong(0),
                        progress.path("leftovers").asLong(0),
                        progress.path("casesOpened").asLong(0),
                        new UsdMicros(progress.path("correctedMicros").asLong(0)).toUsd()),
                gaps,
                run.createdAt(),
                run.finishedAt());
    }

    private List<GapView> gaps(ReconciliationRun run) {
        List<GapView> gaps = new ArrayList<>();
        for (JsonNode gap : json.readTree(run.gaps())) {
            gaps.add(new GapView(
                    gap.path("vendor").asString().toLowerCase(Locale.ROOT),
                    gap.path("reason").asString()));
        }
        return gaps;
    }
}
