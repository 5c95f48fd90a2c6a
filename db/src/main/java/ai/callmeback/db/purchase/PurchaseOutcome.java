package ai.callmeback.db.purchase;

import ai.callmeback.domain.purchase.PurchaseId;

/** What became of a wish to buy. */
public sealed interface PurchaseOutcome {

    /** Accepted now. */
    record Accepted(PurchaseId id) implements PurchaseOutcome {}

    /** The same wish was accepted before, under the same key. */
    record Repeated(PurchaseId id) implements PurchaseOutcome {}

    /** The key was used for another wish. */
    record Conflict() implements PurchaseOutcome {}

    /** @param reason {@code unknown_product}, {@code not_sold_singly}, {@code unknown_coupon} or {@code coupon_used} */
    record Refused(String reason) implements PurchaseOutcome {}
}
