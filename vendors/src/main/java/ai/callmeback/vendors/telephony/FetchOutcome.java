package ai.callmeback.vendors.telephony;

/** What the vendor knows of one call. */
public sealed interface FetchOutcome {

    record Found(CallDetails call) implements FetchOutcome {}

    record NotFound() implements FetchOutcome {}

    record Unknown(String reason) implements FetchOutcome {}
}
