package ai.callmeback.simulators.deepgram;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param key the only key accepted; absent: any that is not empty
 * @param idleTimeout without audio or text for so long, a session is closed with 1011
 * @param usdPerMinute of audio, billed to the millisecond
 * @param maxConcurrent sessions open at once; one more is refused with 429
 */
@ConfigurationProperties("simulators.deepgram")
record DeepgramSettings(
        @Nullable String key,
        @DefaultValue("10s") Duration idleTimeout,
        @DefaultValue("0.0059") BigDecimal usdPerMinute,
        @DefaultValue("500") int maxConcurrent) {

    boolean accepts(String offered) {
        return !offered.isBlank() && (key == null || key.isBlank() || key.equals(offered));
    }
}
