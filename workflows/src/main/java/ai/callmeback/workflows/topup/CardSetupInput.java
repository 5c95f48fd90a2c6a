package ai.callmeback.workflows.topup;

import ai.callmeback.domain.topup.CardSetupId;

/** Everything else is in Postgres. */
public record CardSetupInput(CardSetupId cardSetupId) {}
