package ai.callmeback.vendors;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a vendor did not do what it was asked, in terms a caller can act on. Never holds a key, a phone number or a
 * transcript: {@code message} is the vendor's own error text, cut to {@value #MESSAGE_LIMIT} characters.
 *
 * @param vendor which vendor, as named in the settings: {@code twilio deepgram llm elevenlabs resend}
 * @param kind what went wrong; decides whether trying again can help
 * @param status HTTP status or WebSocket close code, 0 if the vendor gave none
 * @param code the vendor's own error code, empty if none
 * @param retryAfter how long the vendor asked us to wait, if it did
 */
public record VendorFault(
        String vendor,
        Kind kind,
        int status,
        String code,
        String message,
        @Nullable Duration retryAfter) {

    public static final int MESSAGE_LIMIT = 300;

    public VendorFault {
        message = message.length() > MESSAGE_LIMIT ? message.substring(0, MESSAGE_LIMIT) : message;
    }

    public static VendorFault of(String vendor, Kind kind, String message) {
        return new VendorFault(vendor, kind, 0, "", message, null);
    }

    public static VendorFault of(String vendor, Kind kind, int status, String code, String message) {
        return new VendorFault(vendor, kind, status, code, message, null);
    }

    /** Whether the same request may succeed a moment later. */
    public boolean retryable() {
        return kind.retryable;
    }

    /** One row per kind of failure; {@code retryable} is the whole retry policy for it. */
    public enum Kind {
        CONNECT_FAILED(true),
        CONNECT_TIMEOUT(true),
        /** Connected, then silent for longer than the deadline of this request or socket. */
        TIMEOUT(true),
        /** The connection ended without a goodbye, or a stream ended before its end mark. */
        DROPPED(true),
        RATE_LIMITED(true),
        SERVER_ERROR(true),
        /** A quota or balance is used up: only money or time helps. */
        QUOTA(false),
        UNAUTHORIZED(false),
        FORBIDDEN(false),
        NOT_FOUND(false),
        BAD_REQUEST(false),
        CONFLICT(false),
        /** The vendor answered something that is not its protocol. */
        PROTOCOL(false),
        /** A bound of ours was hit (contexts, buffered bytes, message size). */
        LIMIT(false);

        private final boolean retryable;

        Kind(boolean retryable) {
            this.retryable = retryable;
        }

        /** Reads an HTTP status the way every vendor of ours means it. */
        public static Kind ofStatus(int status) {
            return switch (status) {
                case 401 -> UNAUTHORIZED;
                case 402 -> QUOTA;
                case 403 -> FORBIDDEN;
                case 404 -> NOT_FOUND;
                case 408 -> TIMEOUT;
                case 409 -> CONFLICT;
                case 429 -> RATE_LIMITED;
                default -> status >= 500 ? SERVER_ERROR : status >= 400 ? BAD_REQUEST : PROTOCOL;
            };
        }
    }
}
