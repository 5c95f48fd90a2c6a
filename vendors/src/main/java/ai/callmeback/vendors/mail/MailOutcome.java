package ai.callmeback.vendors.mail;

import ai.callmeback.vendors.VendorFault;

/** What became of an e-mail. */
public sealed interface MailOutcome {

    /** Accepted by the vendor, which is not yet delivered. */
    record Accepted(String emailId) implements MailOutcome {}

    /** Refused for good. */
    record Refused(VendorFault fault) implements MailOutcome {}

    /** Given up for now; sending again later under the same key is safe. */
    record Deferred(VendorFault fault) implements MailOutcome {}
}
