package ai.callmeback.api.persona;

import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.db.persona.Persona;
import ai.callmeback.db.persona.Personas;
import ai.callmeback.domain.PersonaId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Who can be picked. The prompt stays inside. */
@RestController
@RequestMapping("/api/personas")
@Tag(name = "Personas")
@SecurityRequirements
class PersonaController {
    private final Personas personas;

    PersonaController(Personas personas) {
        this.personas = personas;
    }

    @Schema(name = "Persona")
    record PersonaView(
            String id,
            String name,
            String role,
            String tagline,
            String description,
            String backstory,
            List<String> traits,
            List<String> values,
            List<String> interests,
            String greetingStyle,
            String voiceId,

            @Schema(description = "The language model asked first; null for the one the product is set to") @Nullable
            String languageModel,

            @Schema(description = "The speech vendor's model; null for the one the product is set to") @Nullable
            String speechModel,

            String accentColor) {
        static PersonaView of(Persona persona) {
            return new PersonaView(
                    persona.id().value(),
                    persona.name(),
                    persona.role(),
                    persona.tagline(),
                    persona.description(),
                    persona.character().backstory(),
                    persona.character().traits(),
                    persona.character().values(),
                    persona.character().interests(),
                    persona.greetingStyle(),
                    persona.voiceId(),
                    persona.languageModel(),
                    persona.speechModel(),
                    persona.accentColor());
        }
    }

    @Schema(name = "Personas")
    record PersonasView(List<PersonaView> personas) {}

    @GetMapping
    @Operation(operationId = "listPersonas", summary = "Every persona that can be picked")
    Mono<PersonasView> list() {
        return personas.listActive().map(PersonaView::of).collectList().map(PersonasView::new);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getPersona", summary = "One persona")
    Mono<PersonaView> get(@PathVariable String id) {
        return Mono.just(id)
                .filter(text -> text.matches("[a-z0-9_]{1,40}"))
                .flatMap(text -> personas.findActive(new PersonaId(text)))
                .map(PersonaView::of)
                .switchIfEmpty(Mono.error(() -> ProblemException.notFound("persona")));
    }
}
