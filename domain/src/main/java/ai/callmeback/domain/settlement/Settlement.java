package ai.callmeback.domain.settlement;

import ai.callmeback.domain.Credits;

/**
 * The outcome of the charge table for one call.
 *
 * @param charged what to capture; zero unless {@link ChargeDecision#CHARGED}
 * @param clock what the deciding row read
 */
public record Settlement(ChargeDecision decision, ChargeReason reason, Credits charged, ChargeClock clock) {}
