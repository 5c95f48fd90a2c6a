package ai.callmeback.workflows.purchase;

import ai.callmeback.domain.purchase.PurchaseId;

/** Everything else is in Postgres. */
public record PurchaseInput(PurchaseId purchaseId) {}
