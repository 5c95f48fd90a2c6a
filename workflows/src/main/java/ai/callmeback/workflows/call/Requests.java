package ai.callmeback.workflows.call;

import java.time.Instant;

/** What a user can ask of a call. Each carries who asks, as a word for the events: {@code user} or {@code operator}. */
public final class Requests {
    private Requests() {}

    public record Cancel(String by) {}

    /**
     * @param at the instant, resolved by the caller with {@code LocalTimeResolver}
     * @param localTime the wall clock as asked for, ISO-8601 without offset
     * @param timeZone its IANA zone
     */
    public record Reschedule(Instant at, String localTime, String timeZone) {}

    public record HangUp(String by) {}

    /** @param requestId names the request: a repeat extends once */
    public record Extend(int minutes, String requestId) {}
}
