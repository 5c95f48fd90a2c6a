package ai.callmeback.vendors.payment;

import ai.callmeback.vendors.VendorFault;

/** What became of a request to refund. */
public sealed interface RefundOutcome {

    /** Taken on, now or before; whether it arrives is told later. */
    record Issued(String refundId) implements RefundOutcome {}

    /** Refused for good. */
    record Refused(VendorFault fault) implements RefundOutcome {}

    /** No usable answer; repeating the same request is safe. */
    record Unknown(VendorFault fault) implements RefundOutcome {}
}
