package ai.callmeback.vendors.telephony;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the vendor's callback forms. Everything but the call and the status may be absent or nonsense. */
public final class TwilioCallbacks {

    private static final String CALL_SID = "CA[0-9a-fA-F]{32}";

    private TwilioCallbacks() {}

    /** A status callback: {@link TwilioCallback.Status} or {@link TwilioCallback.Malformed}. */
    public static TwilioCallback status(Map<String, String> form) {
        String sid = form.getOrDefault("CallSid", "");
        if (!sid.matches(CALL_SID)) {
            return new TwilioCallback.Malformed("CallSid is absent or no call SID");
        }
        String status = form.getOrDefault("CallStatus", "");
        if (status.isEmpty()) {
            return new TwilioCallback.Malformed("CallStatus is absent");
        }
        Integer sequence = number(form.get("SequenceNumber"));
        return new TwilioCallback.Status(
                sid,
                TwilioCallStatus.parse(status),
                sequence == null ? -1 : sequence,
                time(form.get("Timestamp")),
                number(form.get("CallDuration")),
                number(form.get("SipResponseCode")),
                AnsweredBy.parse(form.get("AnsweredBy")));
    }

    /** A machine-detection callback: {@link TwilioCallback.MachineDetection} or {@link TwilioCallback.Malformed}. */
    public static TwilioCallback machineDetection(Map<String, String> form) {
        String sid = form.getOrDefault("CallSid", "");
        if (!sid.matches(CALL_SID)) {
            return new TwilioCallback.Malformed("CallSid is absent or no call SID");
        }
        AnsweredBy answeredBy = AnsweredBy.parse(form.get("AnsweredBy"));
        return answeredBy == null
                ? new TwilioCallback.Malformed("AnsweredBy is absent")
                : new TwilioCallback.MachineDetection(sid, answeredBy, number(form.get("MachineDetectionDuration")));
    }

    private static @Nullable Integer number(@Nullable String text) {
        return text == null || !text.matches("[0-9]{1,9}") ? null : Integer.valueOf(text);
    }

    /** RFC 2822, as in {@code Tue, 04 Aug 2026 09:12:01 +0000}. */
    private static @Nullable Instant time(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException unreadable) {
            return null;
        }
    }
}
