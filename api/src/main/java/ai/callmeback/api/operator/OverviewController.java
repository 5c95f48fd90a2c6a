package ai.callmeback.api.operator;

import ai.callmeback.db.overview.Overview;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** How the platform stands, for operators. Roles are checked before anything here runs. */
@RestController
@RequestMapping("/api/operator/overview")
@Tag(name = "Operators")
class OverviewController {
    private final Overview overview;
    private final Clock clock;

    OverviewController(Overview overview, Clock clock) {
        this.overview = overview;
        this.clock = clock;
    }

    @Schema(name = "CallsAtStatus")
    record StandingView(String status, long calls) {}

    @Schema(name = "Queue", description = "Something that somebody or something has yet to do")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record QueueView(
            String name,
            long waiting,

            @Schema(description = "When the oldest of it began to wait") @Nullable
            Instant since) {}

    @Schema(name = "VoiceWorker")
    record WorkerView(
            String name,
            long calls,
            long capacity,
            boolean draining,

            @Schema(description = "Heard of within the last five seconds")
            boolean alive,

            Instant heardAt) {}

    @Schema(name = "Overview")
    record View(
            Instant at,
            @Schema(description = "Calls that are not over") List<StandingView> calls,
            List<QueueView> queues,
            List<WorkerView> voiceWorkers) {}

    @GetMapping
    @Operation(
            operationId = "getOverview",
            summary = "How the platform stands",
            description = "What is under way, what waits and since when, and which voice workers are there.")
    Mono<View> get() {
        Instant now = clock.instant();
        return Mono.zip(
                        overview.calls()
                                .map(at -> new StandingView(at.status().toLowerCase(Locale.ROOT), at.calls()))
                                .collectList(),
                        overview.queues(now)
                                .map(queue -> new QueueView(queue.name(), queue.waiting(), queue.since()))
                                .collectList(),
                        overview.voiceWorkers()
                                .map(worker -> new WorkerView(
                                        worker.name(),
                                        worker.calls(),
                                        worker.capacity(),
                                        worker.draining(),
                                        worker.alive(),
                                        worker.heardAt()))
                                .collectList())
                .map(all -> new View(now, all.getT1(), all.getT2(), all.getT3()));
    }
}
