package ai.callmeback.vendors.telephony;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.wire.ErrorBodies;
import com.twilio.exception.ApiException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The vendor takes no more requests for now. The SDK's own exception does not tell how long it asks us to wait. */
final class Throttled extends ApiException {
    static final int STATUS = 429;
    private static final long serialVersionUID = 1;

    private final @Nullable Duration retryAfter;

    private Throttled(VendorFault fault, @Nullable Integer code) {
        super("too many requests", code, "", STATUS, null, null, null, null);
        this.retryAfter = fault.retryAfter();
    }

    static Throttled of(HttpResponse<String> answer) {
        String asked = answer.headers().firstValue("Retry-After").orElse(null);
        VendorFault fault = ErrorBodies.fault("twilio", STATUS, answer.body(), asked, null);
        return new Throttled(fault, fault.code().matches("[0-9]{1,9}") ? Integer.valueOf(fault.code()) : null);
    }

    /** Null if the vendor did not say. */
    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
