package ai.callmeback.vendors.payment;

import ai.callmeback.vendors.VendorFault;
import java.time.Instant;

/** What became of a request for a checkout. */
public sealed interface CheckoutOutcome {

    /** Open; a repeat of the request answers the same session. */
    record Opened(String sessionId, String url, Instant expiresAt) implements CheckoutOutcome {}

    /** Refused for good. */
    record Refused(VendorFault fault) implements CheckoutOutcome {}

    /** No usable answer; repeating the same request is safe. */
    record Unknown(VendorFault fault) implements CheckoutOutcome {}
}
