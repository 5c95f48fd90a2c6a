package ai.callmeback.simulators.twilio;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One verb of a TwiML document. */
sealed interface Verb {
    /**
     * {@code <Connect><Stream>}: both directions; over when the customer's server closes the socket.
     *
     * @param action where to go on then; null for the next verb
     */
    record ConnectStream(
            String url,
            @Nullable String name,
            Map<String, String> parameters,
            @Nullable String statusCallback,
            String statusCallbackMethod,
            @Nullable String action,
            String method)
            implements Verb {}

    record Redirect(String url, String method) implements Verb {}

    record Hangup() implements Verb {}

    /** Spoken by the vendor's own voice, {@code times} times. */
    record Say(String text, int times) implements Verb {}

    record Pause(int seconds) implements Verb {}

    /** An audio file, or keys if {@code digits} is given. */
    record Play(@Nullable String url, @Nullable String digits) implements Verb {}

    record Reject(String reason) implements Verb {}

    /** A verb, or a use of one, that this simulator does not know or the vendor refuses; skipped with a warning. */
    record Invalid(String name, int code, String why) implements Verb {}
}
