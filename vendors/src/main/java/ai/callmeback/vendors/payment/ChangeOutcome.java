package ai.callmeback.vendors.payment;

import ai.callmeback.vendors.VendorFault;

/** What became of a change to a subscription. */
public sealed interface ChangeOutcome {

    /** Now or before. */
    record Done() implements ChangeOutcome {}

    /** Refused for good, also because the card was declined; nothing has changed. */
    record Refused(VendorFault fault) implements ChangeOutcome {}

    /** No usable answer; repeating the same request is safe. */
    record Unknown(VendorFault fault) implements ChangeOutcome {}
}
