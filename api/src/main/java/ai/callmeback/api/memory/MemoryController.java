package ai.callmeback.api.memory;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.db.memory.Memories;
import ai.callmeback.db.memory.Memory;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** A user's memories. A call that is going on keeps what it was told when it began. */
@RestController
@RequestMapping("/api/memories")
@Tag(name = "Memories")
class MemoryController {
    private final Memories memories;

    MemoryController(Memories memories) {
        this.memories = memories;
    }

    /** @param personaId who was asked to remember it; every persona is told it in later calls */
    @Schema(name = "Memory")
    record MemoryView(String id, String words, String personaId, String callId, Instant notedAt) {
        static MemoryView of(Memory memory) {
            return new MemoryView(
                    memory.id().toString(),
                    memory.words(),
                    memory.personaId().value(),
                    memory.callId().toString(),
                    memory.at());
        }
    }

    @Schema(name = "Memories")
    record MemoryList(List<MemoryView> memories) {}

    @GetMapping
    @Operation(operationId = "listMemories", summary = "What personas remember of you, the latest first")
    Mono<MemoryList> list(@CurrentCaller Caller caller) {
        return memories.of(caller.user().id()).map(MemoryView::of).collectList().map(MemoryList::new);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "deleteMemory", summary = "Have one thing forgotten")
    @MayAnswer({ProblemCode.NOT_FOUND})
    Mono<Void> forget(@PathVariable String id, @CurrentCaller Caller caller) {
        return memories.forget(caller.user().id(), parsed(id))
                .flatMap(gone -> gone ? Mono.empty() : Mono.error(ProblemException.notFound("memory")));
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteMemories",
            summary = "Have everything forgotten",
            description = "A repeat finds nothing to do.")
    Mono<Void> forgetAll(@CurrentCaller Caller caller) {
        return memories.forgetAll(caller.user().id()).then();
    }

    private static UUID parsed(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("memory");
        }
    }
}
