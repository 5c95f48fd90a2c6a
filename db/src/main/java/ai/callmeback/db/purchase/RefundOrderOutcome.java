package ai.callmeback.db.purchase;

import ai.callmeback.domain.UsdMicros;
import java.util.UUID;

/** What became of an order to refund. */
public sealed interface RefundOrderOutcome {

    /** Accepted now, or the same before under the same key. */
    record Accepted(UUID id) implements RefundOrderOutcome {}

    /** The key was used for another refund of this purchase. */
    record Conflict() implements RefundOrderOutcome {}

    record UnknownPurchase() implements RefundOrderOutcome {}

    /** No payment was credited for it. */
    record NotPaid() implements RefundOrderOutcome {}

    /** The bank has taken the payment back, or is about to: a refund would pay it twice. */
    record Disputed() implements RefundOrderOutcome {}

    /** @param left of the payment, neither back nor on its way */
    record Exceeds(UsdMicros left) implements RefundOrderOutcome {}
}
