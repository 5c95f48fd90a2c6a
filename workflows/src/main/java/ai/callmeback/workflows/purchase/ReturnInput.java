package ai.callmeback.workflows.purchase;

/** @param id the vendor's, of a refund or a dispute */
public record ReturnInput(String id) {}
