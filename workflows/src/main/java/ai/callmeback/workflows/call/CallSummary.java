package ai.callmeback.workflows.call;

import ai.callmeback.domain.call.CallStatus;
import org.jspecify.annotations.Nullable;

/** How a call ended, for whoever reads the workflow's result. */
public record CallSummary(CallStatus status, @Nullable String reason, int attempts, int billedSeconds) {}
