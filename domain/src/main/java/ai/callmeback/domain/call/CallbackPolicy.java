package ai.callmeback.domain.call;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * When to ring again after busy, no answer or failure.
 *
 * @param maxAttempts attempts in all, the first included; 1 to 5
 * @param delaysSeconds waits before the second, third… attempt, each 30 s to 1 h; the last one repeats
 * @param giveUpAfterSeconds counted from the call's due time; no attempt begins later; 1 min to 4 h
 */
public record CallbackPolicy(int maxAttempts, List<Integer> delaysSeconds, int giveUpAfterSeconds) {
    public static final int MAX_ATTEMPTS = 5;
    public static final int MIN_DELAY_SECONDS = 30;
    public static final int MAX_DELAY_SECONDS = 3_600;
    public static final int MIN_GIVE_UP_SECONDS = 60;
    public static final int MAX_GIVE_UP_SECONDS = 4 * 3_600;

    public static final CallbackPolicy DEFAULT = new CallbackPolicy(3, List.of(5 * 60, 15 * 60), 60 * 60);

    public CallbackPolicy {
        delaysSeconds = List.copyOf(delaysSeconds);
        requireWithin("maxAttempts", maxAttempts, 1, MAX_ATTEMPTS);
        requireWithin("giveUpAfterSeconds", giveUpAfterSeconds, MIN_GIVE_UP_SECONDS, MAX_GIVE_UP_SECONDS);
        requireWithin("number of delays", delaysSeconds.size(), maxAttempts > 1 ? 1 : 0, MAX_ATTEMPTS - 1);
        delaysSeconds.forEach(s -> requireWithin("delaysSeconds", s, MIN_DELAY_SECONDS, MAX_DELAY_SECONDS));
    }

    /** The wait after attempt {@code attempt} (from 1) has failed; empty when that was the last. */
    public Optional<Duration> delayAfter(int attempt) {
        if (attempt >= maxAttempts) {
            return Optional.empty();
        }
        int index = Math.min(attempt, delaysSeconds.size()) - 1;
        return Optional.of(Duration.ofSeconds(delaysSeconds.get(index)));
    }

    public Duration giveUpAfter() {
        return Duration.ofSeconds(giveUpAfterSeconds);
    }

    private static void requireWithin(String what, int value, int low, int high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(what + " must be " + low + " to " + high + ", not " + value);
        }
    }
}
