package ai.callmeback.domain.settlement;

import java.util.function.Predicate;

/**
 * One row of the charge table.
 *
 * @param condition in words, as documents and operators read it
 */
public record ChargeRow(
        ChargeReason reason,
        ChargeDecision decision,
        ChargeClock clock,
        String condition,
        Predicate<CallFacts> applies) {}
