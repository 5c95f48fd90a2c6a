package ai.callmeback.api.finance;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.IdempotencyKeys;
import ai.callmeback.db.price.PriceRefresh;
import ai.callmeback.db.price.PriceRefreshes;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Readings of vendors' prices. The vendors are never asked here: a workflow does that. */
@RestController
@RequestMapping("/api/finance/price-refreshes")
@Tag(name = "Finance")
class PriceRefreshController {
    private static final int SHOWN = 50;

    private final PriceRefreshes runs;
    private final JsonMapper json;
    private final Clock clock;

    PriceRefreshController(PriceRefreshes runs, JsonMapper json, Clock clock) {
        this.runs = runs;
        this.json = json;
        this.clock = clock;
    }

    @Schema(
            name = "PriceRefreshProgress",
            description = "read: prices and pages; changed: taken into the price book; held: they wait for finance")
    record Progress(long read, long unchanged, long changed, long held, long pagesChanged, long sourcesFailed) {}

    @Schema(name = "PriceRefresh")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            String id,
            @Schema(description = "running or done") String status,

            @Schema(description = "a person's id, schedule or temporal")
            String startedBy,

            Progress progress,
            Instant createdAt,
            @Nullable Instant finishedAt) {}

    @Schema(name = "PriceRefreshes")
    record ListView(List<View> runs) {}

    @PostMapping
    @Operation(
            operationId = "startPriceRefresh",
            summary = "Read all vendors' prices now",
            description =
                    "It happens daily by itself. A small change is taken over, one of a fifth or more waits for you.")
    @MayAnswer(ProblemCode.IDEMPOTENCY_KEY_INVALID)
    Mono<ResponseEntity<View>> start(
            @Parameter(description = IdempotencyKeys.RULE)
                    @RequestHeader(name = IdempotencyKeys.HEADER, required = false)
                    @Nullable
                    String idempotencyKey,
            @CurrentCaller Caller caller) {
        String key = caller.id() + ":" + IdempotencyKeys.checked(idempotencyKey);
        return runs.ask(UUID.randomUUID(), key, caller.id().toString(), clock.instant())
                .map(run -> ResponseEntity.accepted()
                        .location(URI.create("/api/finance/price-refreshes/" + run.id()))
                        .body(view(run)));
    }

    @GetMapping
    @Operation(operationId = "listPriceRefreshes", summary = "The latest readings of vendors' prices")
    Mono<ListView> list() {
        return runs.latest(SHOWN).map(this::view).collectList().map(ListView::new);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getPriceRefresh", summary = "How far a reading of vendors' prices is")
    Mono<View> get(@PathVariable String id) {
        UUID run;
        try {
            run = UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("price refresh");
        }
        return runs.find(run)
                .map(this::view)
                .switchIfEmpty(Mono.error(() -> ProblemException.notFound("price refresh")));
    }

    private View view(PriceRefresh run) {
        JsonNode progress = json.readTree(run.progress());
        return new View(
                run.id().toString(),
                run.finishedAt() == null ? "running" : "done",
                run.startedBy(),
                new Progress(
                        progress.path("read").asLong(0),
                        progress.path("unchanged").asLong(0),
                        progress.path("changed").asLong(0),
                        progress.path("held").asLong(0),
                        progress.path("pagesChanged").asLong(0),
                        progress.path("sourcesFailed").asLong(0)),
                run.createdAt(),
                run.finishedAt());
    }
}
