package ai.callmeback.api.inbound;

import ai.callmeback.vendors.settings.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param personaNumbers {@code PERSONA_NUMBERS}: {@code persona:number,…}; the number of {@code TWILIO_PHONE_NUMBER} is
 *     the first persona's unless it is named here
 * @param hashKey {@code CALLER_HASH_KEY}: what numbers of callers are hashed with
 * @param freeCallsPerDay {@code FREE_INBOUND_CALLS_PER_DAY}: of unknown callers, for the whole platform
 */
@ConfigurationProperties("callmeback.inbound")
record InboundSettings(
        @DefaultValue List<String> personaNumbers,
        @Nullable Secret hashKey,
        @DefaultValue("50") int freeCallsPerDay) {
    InboundSettings {
        personaNumbers = List.copyOf(personaNumbers);
        hashKey = hashKey == null ? Secret.NONE : hashKey;
    }
}
