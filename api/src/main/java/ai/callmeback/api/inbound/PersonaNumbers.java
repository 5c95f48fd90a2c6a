package ai.callmeback.api.inbound;

import ai.callmeback.db.persona.Persona;
import ai.callmeback.db.persona.Personas;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.vendors.settings.InvalidSettingsException;
import ai.callmeback.vendors.settings.SettingsProblem;
import ai.callmeback.vendors.settings.VendorSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Whose number was rung. */
@Component
class PersonaNumbers {
    private final Map<E164, PersonaId> owners = new HashMap<>();
    private final String platformNumber;
    private final Personas personas;

    PersonaNumbers(InboundSettings settings, VendorSettings vendors, Personas personas) {
        this.personas = personas;
        this.platformNumber = vendors.twilio().phoneNumber();
        for (String entry : settings.personaNumbers()) {
            if (!entry.isBlank()) {
                add(entry.strip());
            }
        }
    }

    private void add(String entry) {
        String[] parts = entry.split(":", 2);
        try {
            E164 number = new E164(parts[1].strip());
            if (owners.put(number, PersonaId.parse(parts[0].strip())) != null) {
                throw wrong("gives the number " + number.masked() + " to two personas");
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw wrong("has an entry that is not persona:number");
        }
    }

    private static InvalidSettingsException wrong(String problem) {
        return new InvalidSettingsException(List.of(new SettingsProblem(
                "PERSONA_NUMBERS", problem, "write brad_001:+15005550006,sarah_001:+15005550007", true)));
    }

    /** Empty when the number is nobody's, or its persona can no longer be picked. */
    Mono<PersonaId> ownerOf(E164 number) {
        PersonaId owner = owners.get(number);
        if (owner != null) {
            return personas.findActive(owner).map(Persona::id);
        }
        return number.value().equals(platformNumber)
                ? personas.listActive().next().map(Persona::id)
                : Mono.empty();
    }
}
