package ai.callmeback.simulators.core;

import org.jspecify.annotations.Nullable;

/**
 * One switched-on misbehaviour.
 *
 * @param id given by {@link Faults#set}
 * @param vendor whose simulator
 * @param operation one operation of it, or {@code *}
 * @param target one call sid, session id or telephone number; null for all
 * @param delayMillis for kinds that wait
 * @param closeCode WebSocket close code; 0 cuts the connection without a close frame
 * @param httpStatus for {@link FaultKind#HTTP_ERROR}
 * @param errorCode vendor error code for {@link FaultKind#HTTP_ERROR}
 * @param remaining how many times more it strikes; negative means until cleared
 */
public record Fault(
        String id,
        String vendor,
        String operation,
        @Nullable String target,
        FaultKind kind,
        long delayMillis,
        int closeCode,
        int httpStatus,
        int errorCode,
        int remaining) {

    /** A fault for everything of an operation that strikes {@code count} times. */
    public static Fault of(String vendor, String operation, FaultKind kind, int count) {
        return new Fault("", vendor, operation, null, kind, 0, 0, 0, 0, count);
    }

    /** The same, for one call, session or number. */
    public Fault onlyFor(String newTarget) {
        return new Fault(
                id, vendor, operation, newTarget, kind, delayMillis, closeCode, httpStatus, errorCode, remaining);
    }

    /** The same, with a delay. */
    public Fault delayed(long newDelayMillis) {
        return new Fault(
                id, vendor, operation, target, kind, newDelayMillis, closeCode, httpStatus, errorCode, remaining);
    }

    Fault withId(String newId) {
        return new Fault(
                newId, vendor, operation, target, kind, delayMillis, closeCode, httpStatus, errorCode, remaining);
    }

    Fault withRemaining(int newRemaining) {
        return new Fault(
                id, vendor, operation, target, kind, delayMillis, closeCode, httpStatus, errorCode, newRemaining);
    }
}
