package ai.callmeback.vendors.telephony;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A callback of the vendor, parsed. Callbacks come in any order and more than once. */
public sealed interface TwilioCallback {

    /**
     * Progress of a call.
     *
     * @param sequenceNumber orders the callbacks of one call, from 0; -1 if absent
     * @param durationSeconds connected time; only with a terminal status
     */
    record Status(
            String callSid,
            TwilioCallStatus status,
            int sequenceNumber,
            @Nullable Instant timestamp,
            @Nullable Integer durationSeconds,
            @Nullable Integer sipResponseCode,
            @Nullable AnsweredBy answeredBy)
            implements TwilioCallback {}

    /** Machine detection spoke. */
    record MachineDetection(
            String callSid, AnsweredBy answeredBy, @Nullable Integer detectionMillis) implements TwilioCallback {}

    /** Not a callback we can act on; {@code problem} names the field and never its value. */
    record Malformed(String problem) implements TwilioCallback {}
}
