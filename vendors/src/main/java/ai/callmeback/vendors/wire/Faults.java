package ai.callmeback.vendors.wire;

import org.jspecify.annotations.Nullable;

/** Words for exceptions: type and message of the innermost cause that has one. */
public final class Faults {

    private Faults() {}

    public static String describe(@Nullable Throwable cause) {
        Throwable inner = cause;
        while (inner != null && inner.getMessage() == null && inner.getCause() != null) {
            inner = inner.getCause();
        }
        if (inner == null) {
            return "unknown";
        }
        return inner.getMessage() == null
                ? inner.getClass().getSimpleName()
                : inner.getClass().getSimpleName() + ": " + inner.getMessage();
    }
}
