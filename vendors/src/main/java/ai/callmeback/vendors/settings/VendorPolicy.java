package ai.callmeback.vendors.settings;

import java.time.Duration;

/**
 * How long we wait for each vendor and what we do when it does not answer: every deadline, retry and fallback of every
 * vendor call, on one screen.
 */
public enum VendorPolicy {
    /** Never repeated: Create Call has no idempotency key. No answer is an unknown dial, resolved by listing. */
    TWILIO_CREATE_CALL(ms(3_000), ms(10_000), 1, ms(0), "outcome unknown, resolved by callback or list"),
    /** Ending and redirecting are safe to repeat; the second time finds the call ended. */
    TWILIO_UPDATE_CALL(ms(3_000), ms(5_000), 3, ms(250), "outcome unknown, Twilio's own TimeLimit ends the call"),
    TWILIO_READ(ms(3_000), ms(5_000), 3, ms(250), "outcome unknown, asked again by the caller's policy"),
    /** Until {@code Connected} (Flux) or the upgrade (Nova). */
    DEEPGRAM_OPEN(ms(2_000), ms(4_000), 1, ms(0), "session closed with a fault; the call opens another"),
    /** No message while audio flows: Flux speaks at least every quarter second of a turn, Nova about every second. */
    DEEPGRAM_SILENCE(ms(0), ms(12_000), 1, ms(0), "session closed with a fault; the call opens another"),
    /** Until the first token, spoken or not; per model of the chain. */
    LLM_FIRST_TOKEN(ms(2_000), ms(4_000), 1, ms(0), "next model of the chain, if nothing was said"),
    /** Between two tokens. With what follows a failure, nobody hears three seconds of nothing. */
    LLM_NEXT_TOKEN(ms(0), ms(2_500), 1, ms(0), "answer failed; what was said stays said"),
    /** A whole answer outside a conversation. */
    LLM_COMPLETE(ms(2_000), ms(60_000), 2, ms(500), "next model of the chain"),
    ELEVENLABS_OPEN(ms(2_000), ms(4_000), 1, ms(0), "session closed with a fault; the call opens the HTTP fallback"),
    /** From a flush to its first audio, and from a close of a context to its end. */
    ELEVENLABS_AUDIO(ms(0), ms(5_000), 1, ms(0), "context failed; the call speaks it by the HTTP fallback"),
    /** One request of the HTTP fallback, to its first audio. */
    ELEVENLABS_HTTP(ms(2_000), ms(5_000), 2, ms(200), "context failed"),
    /** Safe to repeat under its idempotency key. */
    RESEND_SEND(ms(3_000), ms(10_000), 4, ms(500), "deferred; the caller's workflow sends again later"),
    /** Safe to repeat: writes carry an idempotency key of ours. */
    STRIPE(ms(3_000), ms(8_000), 2, ms(500), "outcome unknown, asked again by the caller's workflow"),
    /** A price list, a price page, a page of usage records. Asked again by the workflow. */
    PRICE_LIST(ms(3_000), ms(20_000), 1, ms(0), "the vendor's prices stay as they are; its usage is asked for again"),
    /** {@code doctor}'s question to each vendor. */
    PROBE(ms(3_000), ms(5_000), 1, ms(0), "reported as unreachable");

    private final Duration connect;
    private final Duration deadline;
    private final int attempts;
    private final Duration backoff;
    private final String fallback;

    VendorPolicy(Duration connect, Duration deadline, int attempts, Duration backoff, String fallback) {
        this.connect = connect;
        this.deadline = deadline;
        this.attempts = attempts;
        this.backoff = backoff;
        this.fallback = fallback;
    }

    /** Longest wait for a connection, TLS included; zero where none is made. */
    public Duration connect() {
        return connect;
    }

    /** Longest wait for what the row is about. */
    public Duration deadline() {
        return deadline;
    }

    /** Requests made in all, for failures that may pass. */
    public int attempts() {
        return attempts;
    }

    /** Wait before the second request; doubled for each further one. */
    public Duration backoff() {
        return backoff;
    }

    /** What happens when all of it fails. */
    public String fallback() {
        return fallback;
    }

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }
}
