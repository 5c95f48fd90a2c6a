package ai.callmeback.vendors.telephony;

/** What became of a request to end, redirect or limit a call. */
public sealed interface UpdateOutcome {

    record Done(TwilioCallStatus status) implements UpdateOutcome {}

    /** The call was over (or never was) when the request arrived. */
    record AlreadyEnded() implements UpdateOutcome {}

    record Refused(int vendorCode, String message) implements UpdateOutcome {}

    /** It may have happened; repeating is safe. */
    record Unknown(String reason) implements UpdateOutcome {}
}
