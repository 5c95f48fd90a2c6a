package ai.callmeback.domain.policy;

import java.time.Duration;

/**
 * How long stored work rests after a failure before it is tried again: {@code first}, then twice as long each time, never
 * longer than {@code longest}, for ever. All of them on one screen.
 */
public enum Backoff {
    /** Calls wait for it: tried briskly, since a status that is minutes old is of no use. */
    TELEPHONY_EVENT(Duration.ofSeconds(1), Duration.ofSeconds(15)),
    /** The purchase's workflow asks by itself too, so an event that fails for long may rest. */
    PAYMENT_EVENT(Duration.ofSeconds(1), Duration.ofMinutes(10)),
    /** Nobody waits for it, and it is promised. */
    CARD_DETACHMENT(Duration.ofSeconds(5), Duration.ofHours(1));

    private final Duration first;
    private final Duration longest;

    Backoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
    }

    public Duration first() {
        return first;
    }

    public Duration longest() {
        return longest;
    }
}
