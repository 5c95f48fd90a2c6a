package ai.callmeback.vendors.payment;

/** The payment vendor gave no usable answer; the message names the operation and the kind of failure, nothing else. */
public final class PaymentVendorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PaymentVendorException(String message, Throwable cause) {
        super(message, cause);
    }
}
