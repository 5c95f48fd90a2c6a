package ai.callmeback.workflows.call;

import ai.callmeback.domain.CallId;

/** Starts a call workflow. Everything else is read from Postgres, so that a run begun anew knows what came before. */
public record CallInput(CallId callId) {}
