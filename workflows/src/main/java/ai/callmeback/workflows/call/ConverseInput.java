package ai.callmeback.workflows.call;

import ai.callmeback.domain.CallId;

/** Names the leg to attach to. */
public record ConverseInput(CallId callId, int attempt, int mediaLeg) {}
