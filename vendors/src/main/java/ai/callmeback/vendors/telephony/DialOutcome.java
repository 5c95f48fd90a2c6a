package ai.callmeback.vendors.telephony;

/** What became of a request to dial. */
public sealed interface DialOutcome {

    /** The vendor queued the call. */
    record Accepted(String callSid) implements DialOutcome {}

    /**
     * The vendor said no and nothing rings.
     *
     * @param code our stable code, snake_case
     * @param remedy what a person can do about it
     * @param vendorCode the vendor's number, 0 if none
     * @param retryable true if the very same request may be sent again later
     */
    record Refused(String code, String message, String remedy, int vendorCode, boolean retryable)
            implements DialOutcome {}

    /**
     * The phone may ring or not: a timeout, a reset, a 5xx or an answer that makes no sense. To be resolved by callback
     * or {@link Telephony#list}, never by dialling again.
     */
    record Unknown(String reason) implements DialOutcome {}
}
