package ai.callmeback.vendors.trace;

import ai.callmeback.domain.CallId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One piece of a call's trace, told when it is over.
 *
 * <p>A call's trace has the call's own id, and each span an id made of the call and {@code key}: whoever knows the call
 * knows what to hang a span on, so nothing has to be carried from the API by way of the database and Temporal to the
 * voice worker, and a repeat writes the same span.
 *
 * @param key names the span within its call
 * @param parentKey the span it belongs to; null for the first of all, {@link #REQUEST}
 * @param attributes numbers, truth values and {@linkplain #isCode(String) codes}; see {@link #with}
 * @param error what went wrong, as a code; null if nothing did
 */
public record CallSpan(
        CallId call,
        String key,
        @Nullable String parentKey,
        Kind kind,
        String name,
        Instant start,
        Instant end,
        Map<String, Object> attributes,
        @Nullable String error) {
    /** The request by which the call was accepted. */
    public static final String REQUEST = "request";
    /** The relay that had its workflow started. */
    public static final String OUTBOX = "outbox";
    /** The workflow from its start, or from the time the call was due, to its end. */
    public static final String WORKFLOW = "workflow";

    private static final Pattern CODE = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");
    private static final String WITHHELD = "withheld";

    /** Which side of a conversation of processes a span stands for. */
    public enum Kind {
        SERVER,
        PRODUCER,
        CONSUMER,
        INTERNAL
    }

    public CallSpan {
        attributes = Map.copyOf(attributes);
        end = end.isBefore(start) ? start : end;
        error = error == null || isCode(error) ? error : WITHHELD;
    }

    /** Without attributes, and without an error. */
    public static CallSpan of(
            CallId call, String key, @Nullable String parentKey, Kind kind, String name, Instant start, Instant end) {
        return new CallSpan(call, key, parentKey, kind, name, start, end, Map.of(), null);
    }

    /** The key of one media stream's time with a voice worker. */
    public static String leg(int mediaLeg) {
        return "leg-" + mediaLeg;
    }

    /**
     * Adds an attribute, if there is a value. Texts must be codes: names of things we have named ourselves. Whatever else
     * is said, heard, dialled or typed is replaced here, so that no number, address or word of a call can get out.
     */
    public CallSpan with(String name, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        Map<String, Object> more = new LinkedHashMap<>(attributes);
        more.put(name, value instanceof Number || value instanceof Boolean ? value : code(value.toString()));
        return new CallSpan(call, key, parentKey, kind, this.name, start, end, more, error);
    }

    public CallSpan failed(@Nullable String errorCode) {
        return new CallSpan(call, key, parentKey, kind, name, start, end, attributes, errorCode);
    }

    static boolean isCode(String text) {
        return CODE.matcher(text).matches();
    }

    private static String code(String text) {
        return isCode(text) ? text : WITHHELD;
    }
}
