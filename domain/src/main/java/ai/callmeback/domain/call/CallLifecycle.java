package ai.callmeback.domain.call;

import static ai.callmeback.domain.call.CallStatus.*;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The one transition table of a call. The database refuses a move that is not in it; the diagram in
 * {@code docs/call-lifecycle.md} is drawn from it.
 */
public final class CallLifecycle {
    /** One permitted move and what causes it. */
    public record Transition(CallStatus from, CallStatus to, String cause) {}

    public static final List<Transition> TABLE = List.of(
            new Transition(SCHEDULED, DUE, "its time has come"),
            new Transition(SCHEDULED, CANCELED, "cancel"),
            new Transition(SCHEDULED, MISSED, "found too late"),
            new Transition(DUE, ADMITTED, "checks passed, credits held"),
            new Transition(DUE, REFUSED, "a check failed"),
            new Transition(DUE, MISSED, "too late"),
            new Transition(DUE, CANCELED, "cancel"),
            new Transition(DUE, FAILED, "technical"),
            new Transition(ADMITTED, DIALING, "intent written"),
            new Transition(ADMITTED, REFUSED, "dialling stopped"),
            new Transition(ADMITTED, MISSED, "too late"),
            new Transition(ADMITTED, CANCELED, "cancel"),
            new Transition(ADMITTED, FAILED, "technical"),
            new Transition(DIALING, RINGING, "ringing"),
            new Transition(DIALING, IN_PROGRESS, "answered"),
            new Transition(DIALING, RETRY_WAIT, "busy, no answer, failed or unknown"),
            new Transition(DIALING, UNANSWERED, "gave up"),
            new Transition(DIALING, REFUSED, "refused by the telephony"),
            new Transition(DIALING, CANCELED, "cancel"),
            new Transition(DIALING, FAILED, "technical"),
            new Transition(RINGING, IN_PROGRESS, "answered"),
            new Transition(RINGING, RETRY_WAIT, "busy, no answer or failed"),
            new Transition(RINGING, UNANSWERED, "gave up"),
            new Transition(RINGING, CANCELED, "cancel"),
            new Transition(RINGING, FAILED, "technical"),
            new Transition(RETRY_WAIT, DIALING, "next attempt"),
            new Transition(RETRY_WAIT, UNANSWERED, "gave up"),
            new Transition(RETRY_WAIT, REFUSED, "dialling stopped"),
            new Transition(RETRY_WAIT, CANCELED, "cancel"),
            new Transition(RETRY_WAIT, FAILED, "technical"),
            new Transition(RETRY_WAIT, ENDED, "cut off and not reached again"),
            new Transition(DIALING, ENDED, "cut off and not reached again"),
            new Transition(RINGING, ENDED, "cut off and not reached again"),
            new Transition(IN_PROGRESS, RETRY_WAIT, "cut off by our fault"),
            new Transition(IN_PROGRESS, ENDED, "hung up"),
            new Transition(ENDED, SETTLED, "charged or not"),
            new Transition(SETTLED, COMPLETED, "costs recorded"));

    private static final Map<CallStatus, Set<CallStatus>> NEXT = index();

    private CallLifecycle() {}

    public static boolean allows(CallStatus from, CallStatus to) {
        return next(from).contains(to);
    }

    public static Set<CallStatus> next(CallStatus from) {
        return Collections.unmodifiableSet(NEXT.get(from));
    }

    /** The statuses from which {@code to} may be entered. */
    public static Set<CallStatus> predecessors(CallStatus to) {
        return TABLE.stream()
                .filter(t -> t.to() == to)
                .map(Transition::from)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(CallStatus.class)));
    }

    /** The table as a Mermaid state diagram. */
    public static String mermaid() {
        var out = new StringBuilder("stateDiagram-v2\n    [*] --> SCHEDULED\n");
        TABLE.forEach(t -> out.append("    %s --> %s: %s%n".formatted(t.from(), t.to(), t.cause())));
        for (CallStatus status : CallStatus.values()) {
            if (status.isTerminal()) {
                out.append("    ").append(status).append(" --> [*]\n");
            }
        }
        return out.toString().replace(System.lineSeparator(), "\n");
    }

    private static Map<CallStatus, Set<CallStatus>> index() {
        var index = new EnumMap<CallStatus, Set<CallStatus>>(CallStatus.class);
        for (CallStatus status : CallStatus.values()) {
            index.put(status, EnumSet.noneOf(CallStatus.class));
        }
        TABLE.forEach(t -> index.get(t.from()).add(t.to()));
        return index;
    }
}
