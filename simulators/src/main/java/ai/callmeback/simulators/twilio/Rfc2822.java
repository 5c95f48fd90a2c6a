package ai.callmeback.simulators.twilio;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates as in {@code Tue, 04 Aug 2026 09:12:01 +0000}. */
final class Rfc2822 {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Rfc2822() {}

    static String format(Instant instant) {
        return FORMAT.format(instant);
    }

    static @Nullable String orNull(@Nullable Instant instant) {
        return instant == null ? null : format(instant);
    }
}
