package ai.callmeback.simulators.core;

/** Ways in which a vendor can be told to misbehave. What each vendor makes of a kind is in its own simulator. */
public enum FaultKind {
    /** Do the work at once, answer (or send, on a socket) {@code delayMillis} later. */
    DELAY,
    /** Take the request, and do the work {@code delayMillis} later, if whoever asked is still there; then answer. */
    DELAY_WORK,
    /** Do the work, then cut the connection without an answer. */
    DROP_REPLY,
    /** Answer 429 in the vendor's shape, do nothing. */
    HTTP_429,
    /** Answer 500, do nothing. */
    HTTP_500,
    /** Answer with {@code httpStatus} and the vendor's {@code errorCode}, do nothing. */
    HTTP_ERROR,
    /** Accept and then say nothing more, ever; the connection stays open. */
    SILENT,
    /** Close the socket with {@code closeCode} ({@code 0}: abruptly, without a close frame), after {@code delayMillis}. */
    CLOSE,
    /** Telephony: hold the reply of Create Call until its first callbacks have been delivered. */
    CALLBACKS_BEFORE_REPLY,
    /** Telephony: deliver each callback twice. */
    DUPLICATE_CALLBACKS,
    /** Telephony: deliver callbacks in pairs the wrong way round. */
    REORDER_CALLBACKS,
    /** Telephony: never deliver the callback. */
    DROP_CALLBACKS
}
