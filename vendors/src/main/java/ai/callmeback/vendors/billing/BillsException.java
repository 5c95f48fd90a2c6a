package ai.callmeback.vendors.billing;

import org.jspecify.annotations.Nullable;

/** A vendor did not answer in a way that can be used; asking for the same page again is safe. */
public final class BillsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public BillsException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = 0;
    }

    /** @param status of the vendor's answer */
    public BillsException(String message, int status) {
        super(message);
        this.status = status;
    }

    /** Our key may not read this, so asking again will not help. */
    public boolean notAllowed() {
        return status == 401 || status == 403;
    }
}
