package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;

/** What a request for a call came to. */
public sealed interface AcceptOutcome {
    /** Promised now. */
    record Accepted(CallId callId) implements AcceptOutcome {}

    /** The same request under the same key was promised before; this is that call. */
    record Repeated(CallId callId) implements AcceptOutcome {}

    /** The key was used for another request. Nothing was written. */
    record Conflict(CallId callId) implements AcceptOutcome {}
}
