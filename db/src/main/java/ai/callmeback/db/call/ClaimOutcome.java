package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.domain.conversation.JournalEvent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a worker's claim of a call's media came to. */
public sealed interface ClaimOutcome {
    /**
     * The worker owns the call's media until its lease runs out.
     *
     * @param mediaLeg fences everything this worker writes about the call; 1 for the first leg of a call
     * @param callSid null while the telephony's answer to the dial request is still under way
     * @param talkingSince when the call was first answered: the planned time counts from here
     * @param plannedSeconds extensions included
     * @param journal of all earlier legs, in order; fold it with {@code HeardConversation}
     */
    record Claimed(
            CallId callId,
            int attempt,
            int mediaLeg,
            @Nullable String callSid,
            Instant talkingSince,
            int plannedSeconds,
            Brief brief,
            List<JournalEvent> journal)
            implements ClaimOutcome {}

    /** Not this stream's call (any more): an older stream, a used token, an attempt that is over. Close the socket. */
    record Stale(CallId callId, int attempt) implements ClaimOutcome {}

    /** No such token: forged, or long gone. */
    record Unknown() implements ClaimOutcome {}
}
