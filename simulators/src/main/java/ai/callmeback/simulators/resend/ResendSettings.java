package ai.callmeback.simulators.resend;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param key the only key accepted; absent: any that is not empty
 * @param requestsPerSecond one more within the same second is refused with 429
 * @param webhookSecret signs the webhooks: {@code whsec_} and base64
 */
@ConfigurationProperties("simulators.resend")
record ResendSettings(
        @Nullable String key,
        @DefaultValue("10") int requestsPerSecond,

        @DefaultValue("whsec_c2ltdWxhdGVkLXdlYmhvb2stc2VjcmV0")
        String webhookSecret) {

    boolean accepts(String offered) {
        return key == null || key.isBlank() || key.equals(offered);
    }
}
