package ai.callmeback.db.usage;

import ai.callmeback.domain.UsdMicros;

/**
 * @param complete false when a price was missing, so that the amount is too low
 */
public record RunningCost(UsdMicros amount, boolean complete) {}
