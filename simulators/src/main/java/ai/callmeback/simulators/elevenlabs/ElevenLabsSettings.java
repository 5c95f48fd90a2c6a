package ai.callmeback.simulators.elevenlabs;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param key the only key accepted; absent: any that is not empty
 * @param characterLimit credits of the account's period, for the subscription endpoint
 * @param maxConcurrentRequests HTTP requests at once, one more is refused with 429
 */
@ConfigurationProperties("simulators.elevenlabs")
record ElevenLabsSettings(
        @Nullable String key,
        @DefaultValue("10000000") long characterLimit,
        @DefaultValue("200") int maxConcurrentRequests) {

    boolean accepts(@Nullable String offered) {
        return offered != null && !offered.isBlank() && (key == null || key.isBlank() || key.equals(offered));
    }
}
