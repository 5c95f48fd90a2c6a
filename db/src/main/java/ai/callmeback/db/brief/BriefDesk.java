package ai.callmeback.db.brief;

import ai.callmeback.db.call.Briefs;
import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.memory.Memories;
import ai.callmeback.db.memory.Memory;
import ai.callmeback.db.persona.Persona;
import ai.callmeback.db.persona.Personas;
import ai.callmeback.db.recording.Recordings;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.conversation.Brief;
import java.time.Instant;
import java.util.Optional;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Gathers what a brief is written from, and keeps it. */
@Component
public final class BriefDesk {
    private final Personas personas;
    private final Users users;
    private final Memories memories;
    private final Briefs briefs;
    private final Recordings recordings;

    public BriefDesk(DatabaseClient db) {
        this.personas = new Personas(db);
        this.users = new Users(db);
        this.memories = new Memories(db);
        this.briefs = new Briefs(db);
        this.recordings = new Recordings(db);
    }

    /** For an attempt that is about to begin; a repeat replaces it. Whoever had the talk when it was cut off goes on. */
    public Mono<Void> prepare(CallRecord call, int attempt, boolean afterCutOff, Instant at) {
        return speakingLast(call, attempt, afterCutOff)
                .flatMap(personas::find)
                .flatMap(persona ->
                        known(call).map(known -> BriefWriter.write(call, attempt, afterCutOff, persona, known, at)))
                .flatMap(brief -> briefs.put(brief, at));
    }

    private Mono<PersonaId> speakingLast(CallRecord call, int attempt, boolean afterCutOff) {
        return afterCutOff
                ? personaOf(call.id(), attempt - 1).defaultIfEmpty(call.personaId())
                : Mono.just(call.personaId());
    }

    private Mono<PersonaId> personaOf(CallId call, int attempt) {
        return briefs.get(call, attempt)
                .map(brief -> new PersonaId(brief.voice().personaId()));
    }

    /**
     * Gives the talk of an attempt to another persona: its brief is replaced, so that whichever worker goes on with the
     * talk goes on as the new one.
     *
     * @param name as the personas' list has it, or the id; empty answer when there is no such persona to be had
     */
    public Mono<Brief> handTo(CallRecord call, int attempt, String name, Instant at) {
        return Mono.zip(personas.named(name), briefs.get(call.id(), attempt), known(call))
                .map(all -> BriefWriter.takeOver(call, all.getT2(), all.getT1(), all.getT3()))
                .flatMap(brief -> briefs.put(brief, at).thenReturn(brief));
    }

    private Mono<BriefWriter.Known> known(CallRecord call) {
        return Mono.zip(
                        users.find(call.userId()),
                        memories.of(call.userId()).map(Memory::words).collectList(),
                        personas.listActive().map(Persona::name).collectList(),
                        recordings.consentOf(call.id()).map(Optional::isPresent),
                        timeZone(call))
                .map(all -> new BriefWriter.Known(all.getT1(), all.getT2(), all.getT3(), all.getT4(), all.getT5()));
    }

    /** Of the call, else the one they named last; empty if they never have. */
    private Mono<String> timeZone(CallRecord call) {
        return Mono.justOrEmpty(call.timeZone())
                .switchIfEmpty(Mono.defer(() -> users.lastTimeZone(call.userId())))
                .defaultIfEmpty("");
    }
}
