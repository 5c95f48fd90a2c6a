package ai.callmeback.domain.topup;

import static ai.callmeback.domain.topup.AutoTopUpStatus.*;

import java.util.List;
import java.util.stream.Collectors;

/** The one transition table of an auto top-up. Only a person's consent leads to {@link AutoTopUpStatus#ON}. */
public final class AutoTopUpLifecycle {
    /** One permitted move and what causes it. */
    public record Transition(AutoTopUpStatus from, AutoTopUpStatus to, String cause) {}

    public static final List<Transition> TABLE = List.of(
            new Transition(AWAITING_CARD, ON, "card saved"),
            new Transition(AWAITING_CARD, OFF, "switched off, or no card was saved in time"),
            new Transition(ON, NEEDS_ATTENTION, "card declined, authentication required, payment returned"),
            new Transition(ON, OFF, "switched off"),
            new Transition(NEEDS_ATTENTION, ON, "consented again, same card"),
            new Transition(NEEDS_ATTENTION, AWAITING_CARD, "consented again, another card"),
            new Transition(NEEDS_ATTENTION, OFF, "switched off"),
            new Transition(OFF, AWAITING_CARD, "consented again"));

    private AutoTopUpLifecycle() {}

    public static boolean permits(AutoTopUpStatus from, AutoTopUpStatus to) {
        return TABLE.stream().anyMatch(move -> move.from() == from && move.to() == to);
    }

    /** As a diagram. */
    public static String mermaid() {
        return TABLE.stream()
                .map(move -> "  " + move.from() + " --> " + move.to() + ": " + move.cause())
                .collect(Collectors.joining("\n", "stateDiagram-v2\n  [*] --> AWAITING_CARD\n", "\n"));
    }
}
