package ai.callmeback.simulators.stripe;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param key the only secret key accepted; absent: any that begins with {@code sk_}
 * @param webhookSecret signs the events, as it is written, {@code whsec_} included
 * @param webhookUrl where events go; empty: nowhere
 * @param feeDelayMillis how long a charge has no balance transaction
 */
@ConfigurationProperties("simulators.stripe")
record StripeSettings(
        @Nullable String key,
        @DefaultValue("whsec_simulated") String webhookSecret,
        @DefaultValue("") String webhookUrl,
        @DefaultValue("2000") long feeDelayMillis) {

    boolean accepts(String offered) {
        return (key == null || key.isBlank()) ? offered.startsWith("sk_") : key.equals(offered);
    }
}
