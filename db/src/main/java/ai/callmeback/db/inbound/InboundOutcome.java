package ai.callmeback.db.inbound;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.inbound.InboundRefusal;

/** What becomes of somebody who rings. */
public sealed interface InboundOutcome {
    /** There is a call, held and briefed: connect it. */
    record Accepted(CallId callId) implements InboundOutcome {}

    /** Say why, and hang up. */
    record Refused(InboundRefusal why) implements InboundOutcome {}
}
