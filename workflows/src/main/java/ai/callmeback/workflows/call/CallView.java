package ai.callmeback.workflows.call;

import ai.callmeback.domain.call.CallStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call as its workflow sees it.
 *
 * @param detail the state in words, without personal data
 * @param mediaLeg the leg that speaks now, 0 when none
 * @param plannedSeconds the talk allowed, extensions included
 */
public record CallView(
        CallStatus status,
        String detail,
        int attempt,
        Instant scheduledFor,
        int mediaLeg,
        int plannedSeconds,
        @Nullable String reason) {}
