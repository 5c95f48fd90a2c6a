package ai.callmeback.db.memory;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.PersonaId;
import java.time.Instant;
import java.util.UUID;

/** One thing a persona was asked to remember, in the persona's words. {@link #toString()} does not tell it. */
public record Memory(UUID id, PersonaId personaId, CallId callId, String words, Instant at) {
    /** The longest, in characters. */
    public static final int MOST_CHARACTERS = 300;

    @Override
    public String toString() {
        return "Memory[" + id + "]";
    }
}
