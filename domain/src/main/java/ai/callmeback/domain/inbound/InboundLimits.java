package ai.callmeback.domain.inbound;

import ai.callmeback.domain.call.CallbackPolicy;
import ai.callmeback.domain.call.PlannedDuration;
import java.time.Duration;
import java.util.List;

/** The bounds of calls that people make to us. */
public final class InboundLimits {
    /** What an unknown number gets for nothing, once. */
    public static final PlannedDuration FREE_CALL = PlannedDuration.MINUTES_3;

    /** A free call that came to nothing may be made again, so often in all; after that the number has had its chance. */
    public static final int FREE_CALL_TRIES = 3;

    /** How long the credits of a free call last if it came to nothing. */
    public static final Duration FREE_CREDITS_LAST = Duration.ofDays(30);

    /** Nobody is rung back when an inbound call fails: one attempt. */
    public static final CallbackPolicy POLICY = new CallbackPolicy(1, List.of(), CallbackPolicy.MIN_GIVE_UP_SECONDS);

    private InboundLimits() {}
}
