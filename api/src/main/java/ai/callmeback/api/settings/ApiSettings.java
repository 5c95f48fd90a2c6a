package ai.callmeback.api.settings;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the API is told from outside, beyond the settings all apps share.
 *
 * @param environment {@code CALLMEBACK_ENV}. Only the word {@code local} seeds the demo user and lets a local Temporal UI
 *     use the codec server without a token; without the variable it is production, so that nobody gets them by
 *     forgetting something
 * @param sessionLifetime how long a session token is good
 * @param temporalUiUrl {@code TEMPORAL_UI_URL}: origins of the Temporal UI that may use the codec server
 * @param demoPhoneNumber {@code DEMO_PHONE_NUMBER}: the demo user's phone, local environment only
 * @param eventHeartbeat how often a quiet event stream sends a comment
 * @param forgetEvery how often expired revocations and sign-in counts are deleted
 * @param maxEventStreams live event streams of one process; one more is refused
 * @param maxEventStreamsPerUser live event streams of one user; one more is refused
 */
@ConfigurationProperties("callmeback.api")
public record ApiSettings(
        @DefaultValue("production") String environment,
        @DefaultValue("12h") Duration sessionLifetime,
        @DefaultValue List<String> temporalUiUrl,
        @DefaultValue("+14155550100") String demoPhoneNumber,
        @DefaultValue("15s") Duration eventHeartbeat,
        @DefaultValue("1h") Duration forgetEvery,
        @DefaultValue("2000") int maxEventStreams,
        @DefaultValue("12") int maxEventStreamsPerUser) {
    public ApiSettings {
        temporalUiUrl = List.copyOf(temporalUiUrl);
    }

    public boolean isLocal() {
        return environment.equals("local");
    }
}
