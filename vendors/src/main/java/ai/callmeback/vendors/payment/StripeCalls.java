package ai.callmeback.vendors.payment;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.wire.Faults;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.StripeException;
import java.util.Optional;

/** What all calls to Stripe share: its exceptions as faults. */
final class StripeCalls {
    private static final String VENDOR = "stripe";

    private StripeCalls() {}

    interface Read<T> {
        T go() throws StripeException;
    }

    /** Empty when there is none of that id. */
    static <T> Optional<T> read(String operation, Read<T> read) {
        try {
            return Optional.of(read.go());
        } catch (StripeException e) {
            VendorFault fault = fault(e);
            if (fault.kind() == VendorFault.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw new PaymentVendorException("stripe " + operation + ": " + fault.kind(), e);
        }
    }

    /** A conflict is another request of ours under the same key, still under way. */
    static boolean mayPass(VendorFault fault) {
        return fault.retryable() || fault.kind() == VendorFault.Kind.CONFLICT;
    }

    static VendorFault fault(StripeException e) {
        if (e instanceof ApiConnectionException) {
            return VendorFault.of(VENDOR, VendorFault.Kind.CONNECT_FAILED, Faults.describe(e));
        }
        int status = e.getStatusCode() == null ? 0 : e.getStatusCode();
        return VendorFault.of(
                VENDOR,
                VendorFault.Kind.ofStatus(status),
                status,
                e.getCode() == null ? "" : e.getCode(),
                String.valueOf(e.getMessage()));
    }
}
