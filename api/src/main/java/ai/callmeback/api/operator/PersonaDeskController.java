package ai.callmeback.api.operator;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.db.persona.PersonaDesk;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.vendors.settings.VendorSettings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** How personas sound and think: seen and set by operators. Roles are checked before anything here runs. */
@RestController
@RequestMapping("/api/operator/personas")
@Tag(name = "Operators")
class PersonaDeskController {
    private static final Logger log = LoggerFactory.getLogger(PersonaDeskController.class);

    private final PersonaDesk desk;
    private final PersonaDeskView.ProductView product;
    private final Clock clock;

    PersonaDeskController(PersonaDesk desk, VendorSettings vendors, Clock clock) {
        this.desk = desk;
        this.product = PersonaDeskView.ProductView.of(vendors);
        this.clock = clock;
    }

    @GetMapping
    @Operation(
            operationId = "listPersonaSettings",
            summary = "How each persona sounds and thinks, and what the product is set to",
            description = "All personas, those too that can no longer be picked. A field that is not there is not set:"
                    + " 'product' says what is used instead, 'effective' what a call gets.")
    Mono<PersonaDeskView.ListView> list() {
        return desk.all()
                .map(state -> PersonaDeskView.of(state, product))
                .collectList()
                .map(personas -> new PersonaDeskView.ListView(product, personas));
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getPersonaSettings", summary = "How one persona sounds and thinks")
    Mono<PersonaDeskView> get(@PathVariable String id) {
        return find(personaId(id));
    }

    @PutMapping("/{id}")
    @Operation(
            operationId = "setPersonaSettings",
            summary = "Set how a persona sounds and thinks",
            description =
                    "Replaces all of it: a field that is left out is not set any more, and what the product is set"
                            + " to is used. Holds for calls that are dialled, answered or handed to the persona after it; calls"
                            + " in progress go on as they began. 'version' is that of the settings the change was made from. A"
                            + " repeat changes nothing and answers the same; with an older version than the present one the"
                            + " answer is persona_changed. Each change is kept with who made it and what was before.")
    @MayAnswer({
        ProblemCode.FIELD_REQUIRED,
        ProblemCode.VENDOR_NAME_INVALID,
        ProblemCode.NUMBER_OUT_OF_RANGE,
        ProblemCode.TEXT_TOO_LONG,
        ProblemCode.TEXT_NOT_UNICODE,
        ProblemCode.PERSONA_CHANGED
    })
    Mono<PersonaDeskView> set(
            @PathVariable String id, @RequestBody PersonaSettingsRequest body, @CurrentCaller Caller caller) {
        PersonaDesk.Change change =
                body.checked(personaId(id), caller.id(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
        return desk.set(change).flatMap(outcome -> {
            log.warn(
                    "settings of persona {}: {}, by {}",
                    id,
                    outcome,
                    caller.user().pseudonym());
            return switch (outcome) {
                case CHANGED, SAME -> find(change.id());
                case UNKNOWN -> Mono.error(ProblemException.notFound("persona"));
                case STALE ->
                    Mono.error(ProblemException.of(
                            ProblemCode.PERSONA_CHANGED,
                            "The settings are no longer those of version " + change.version() + "."));
            };
        });
    }

    private Mono<PersonaDeskView> find(PersonaId id) {
        return desk.find(id)
                .map(state -> PersonaDeskView.of(state, product))
                .switchIfEmpty(Mono.error(() -> ProblemException.notFound("persona")));
    }

    private static PersonaId personaId(String id) {
        if (!id.matches("[a-z0-9_]{1,40}")) {
            throw ProblemException.notFound("persona");
        }
        return new PersonaId(id);
    }
}
