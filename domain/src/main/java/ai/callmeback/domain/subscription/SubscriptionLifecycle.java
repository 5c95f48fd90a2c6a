package ai.callmeback.domain.subscription;

import static ai.callmeback.domain.subscription.SubscriptionStatus.*;

import java.util.List;
import java.util.stream.Collectors;

/** The one transition table of a subscription. What the payment vendor has ended stays ended. */
public final class SubscriptionLifecycle {
    /** One permitted move and what causes it. */
    public record Transition(SubscriptionStatus from, SubscriptionStatus to, String cause) {}

    public static final List<Transition> TABLE = List.of(
            new Transition(NEW, OPEN, "checkout opened"),
            new Transition(NEW, FAILED, "checkout refused"),
            new Transition(NEW, EXPIRED, "another plan was chosen"),
            new Transition(OPEN, ACTIVE, "first period paid"),
            new Transition(OPEN, EXPIRED, "checkout expired"),
            new Transition(OPEN, FAILED, "what was paid is not ours"),
            new Transition(EXPIRED, ACTIVE, "paid after all"),
            new Transition(ACTIVE, PAST_DUE, "a renewal was not paid"),
            new Transition(PAST_DUE, ACTIVE, "paid after all"),
            new Transition(ACTIVE, ENDED, "cancelled, the period is over"),
            new Transition(PAST_DUE, ENDED, "never paid, or cancelled"));

    private SubscriptionLifecycle() {}

    public static boolean permits(SubscriptionStatus from, SubscriptionStatus to) {
        return TABLE.stream().anyMatch(move -> move.from() == from && move.to() == to);
    }

    /** From where a move to {@code to} is permitted. */
    public static List<SubscriptionStatus> predecessors(SubscriptionStatus to) {
        return TABLE.stream()
                .filter(move -> move.to() == to)
                .map(Transition::from)
                .toList();
    }

    /** As a diagram. */
    public static String mermaid() {
        return TABLE.stream()
                .map(move -> "  " + move.from() + " --> " + move.to() + ": " + move.cause())
                .collect(Collectors.joining("\n", "stateDiagram-v2\n  [*] --> NEW\n", "\n"));
    }
}
