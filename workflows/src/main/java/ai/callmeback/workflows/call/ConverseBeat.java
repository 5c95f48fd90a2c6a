package ai.callmeback.workflows.call;

import ai.callmeback.domain.usage.UsageTotals;

/** What a heartbeat carries: how far the leg has come and what it used. */
public record ConverseBeat(int mediaLeg, long positionMs, int turns, UsageTotals totals) {}
