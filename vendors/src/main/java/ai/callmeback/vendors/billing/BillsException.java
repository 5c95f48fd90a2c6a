package ai.callmeback.vendors.billing;

/** A vendor did not answer in a way that can be used; asking for the same page again is safe. */
public final class BillsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BillsException(String message, Throwable cause) {
        super(message, cause);
    }
}
