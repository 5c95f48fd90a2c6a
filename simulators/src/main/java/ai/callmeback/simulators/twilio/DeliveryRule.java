package ai.callmeback.simulators.twilio;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How hard a webhook is tried: by default one retry, on connection failure only; 5xx is not retried. A URL fragment such
 * as {@code #rc=3&rp=all&ct=2000&rt=5000&tt=12000} overrides it.
 *
 * @param retries 0 to 5
 * @param on {@code ct} connect failure, {@code rt} read timeout, {@code 4xx}, {@code 5xx}, or {@code all}
 */
record DeliveryRule(int retries, List<String> on, Duration connect, Duration read, Duration total) {
    static final DeliveryRule DEFAULT =
            new DeliveryRule(1, List.of("ct"), Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(15));

    private static final int MAX_RETRIES = 5;

    /** The rule that belongs to a URL. Fields that make no sense are ignored. */
    static DeliveryRule of(String url) {
        int hash = url.indexOf('#');
        if (hash < 0) {
            return DEFAULT;
        }
        Map<String, String> fields = new HashMap<>();
        for (String field : url.substring(hash + 1).split("&", -1)) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(field.substring(0, equals), field.substring(equals + 1));
            }
        }
        return new DeliveryRule(
                Math.clamp(number(fields.get("rc"), DEFAULT.retries()), 0, MAX_RETRIES),
                fields.containsKey("rp") ? List.of(fields.get("rp").split(",", -1)) : DEFAULT.on(),
                Duration.ofMillis(Math.clamp(number(fields.get("ct"), 5_000), 100, 10_000)),
                Duration.ofMillis(Math.clamp(number(fields.get("rt"), 15_000), 100, 15_000)),
                Duration.ofMillis(Math.clamp(number(fields.get("tt"), 15_000), 100, 15_000)));
    }

    private static int number(@Nullable String text, int absent) {
        return text != null && text.matches("\\d{1,6}") ? Integer.parseInt(text) : absent;
    }

    static String withoutFragment(String url) {
        int hash = url.indexOf('#');
        return hash < 0 ? url : url.substring(0, hash);
    }

    /** Whether to try again after what happened. */
    boolean retries(int attempt, String what) {
        return attempt <= retries && (on.contains("all") || on.contains(what));
    }
}
