package ai.callmeback.vendors.payment;

import ai.callmeback.vendors.VendorFault;

/** What became of preparing a payment. In no case has money moved. */
public sealed interface PrepareOutcome {

    /** Ready to be confirmed. */
    record Prepared(String paymentIntent) implements PrepareOutcome {}

    /** Refused for good, such as for a card that is not there any more. */
    record Refused(VendorFault fault) implements PrepareOutcome {}

    /** No usable answer; repeating the same request is safe. */
    record Unknown(VendorFault fault) implements PrepareOutcome {}
}
