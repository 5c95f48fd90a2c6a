package ai.callmeback.domain.policy;

import java.time.Duration;
import java.util.Set;

/** Every bound of a call in one place, so that the product's promises can be reviewed on one screen. */
public final class Limits {
    /** A scheduled call that could not be started this long after its time is not dialled. */
    public static final Duration MISSED_AFTER = Duration.ofMinutes(5);

    /** A call asked for "now" is made when we are back, but not after this. */
    public static final Duration IMMEDIATE_MISSED_AFTER = Duration.ofMinutes(60);

    public static final Duration BOOKABLE_AHEAD = Duration.ofDays(365);
    public static final int PRETEXT_CHARACTERS = 2_000;
    public static final int DEFAULT_CONCURRENT_CALLS = 1;
    public static final Set<String> ALLOWED_COUNTRIES = Set.of(
            "US", "CA", "GB", "IE", "FR", "DE", "AT", "CH", "NL", "BE", "LU", "ES", "PT", "IT", "DK", "SE", "NO", "FI",
            "AU", "NZ");

    /** How long the telephony lets it ring. */
    public static final Duration RING_TIMEOUT = Duration.ofSeconds(40);

    /** From the answer of the dial request to the first callback or the end of ringing; then we ask. */
    public static final Duration DIAL_SILENCE = RING_TIMEOUT.plusSeconds(20);

    /** How long the answer to an UNKNOWN dial is looked for before the attempt is abandoned. */
    public static final Duration UNKNOWN_RESOLUTION = Duration.ofSeconds(90);

    public static final Duration UNKNOWN_LIST_EVERY = Duration.ofSeconds(5);

    /** Spoken before the time is up. */
    public static final Duration TIME_WARNING = Duration.ofSeconds(30);

    /** The telephony's own hard limit lies this far beyond the planned length: room for the farewell. */
    public static final Duration FAREWELL_MARGIN = Duration.ofSeconds(30);

    public static final Duration LONGEST_CALL = Duration.ofMinutes(30);

    /** All extensions of one call together. */
    public static final Duration EXTENSION_ROOM = Duration.ofMinutes(10);

    /** Beyond the planned length and {@link #FAREWELL_MARGIN}, the workflow ends the call by REST. */
    public static final Duration OVERTIME_TOLERANCE = Duration.ofSeconds(15);

    /** How long a voice worker may take to hang up when asked; then the workflow does it by REST. */
    public static final Duration HANG_UP_PATIENCE = Duration.ofSeconds(10);

    /** From the answer to the first media claim; then the telephony is redirected. */
    public static final Duration FIRST_MEDIA_PATIENCE = Duration.ofSeconds(8);

    /** Redirects of one attempt. */
    public static final int REDIRECTS = 3;

    /** Another call's open dial to the same number is waited for this often. */
    public static final Duration NUMBER_BUSY_EVERY = Duration.ofSeconds(15);

    /** While an operator has stopped charging, settlement asks again this often. */
    public static final Duration CHARGING_STOPPED_EVERY = Duration.ofMinutes(1);

    /** A voice worker renews its leases every second; after this without renewal it is taken for dead. */
    public static final Duration MEDIA_LEASE = Duration.ofSeconds(3);

    public static final Duration CONVERSE_HEARTBEAT_TIMEOUT = Duration.ofSeconds(5);
    public static final Duration USAGE_EVERY = Duration.ofSeconds(15);

    /** How long the costs, not the settlement, wait for the last usage report of a leg that ended in order. */
    public static final Duration LAST_USAGE_PATIENCE = Duration.ofSeconds(5);

    /**
     * How long after a worker was found dead, seconds after its death, the telephony may take to fall through to the next
     * before we redirect it.
     */
    public static final Duration HANDOVER_PATIENCE = Duration.ofSeconds(2);

    /** Calls rung again because we were cut off. */
    public static final int CUT_OFF_REDIALS = 1;

    public static final Duration CUT_OFF_REDIAL_DELAY = Duration.ofSeconds(2);

    /** How long the last word of the telephony is waited for after the media has ended; then we ask. */
    public static final Duration FINAL_STATUS_PATIENCE = Duration.ofSeconds(5);

    /** A stream token is good for the longest call and its redirects. */
    public static final Duration STREAM_TOKEN_LIFE = LONGEST_CALL.plusMinutes(10);

    public static final int STREAMS_PER_ANSWER = 4;

    /** A voice worker without a heartbeat for this long is not offered to the telephony. */
    public static final Duration VOICE_WORKER_STALE = Duration.ofSeconds(5);

    /** Transcripts and conversation events are kept this long. */
    public static final Duration TRANSCRIPT_RETENTION = Duration.ofDays(90);

    private Limits() {}
}
