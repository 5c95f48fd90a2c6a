package ai.callmeback.db.purchase;

import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.purchase.PurchaseId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A refund that finance has ordered.
 *
 * @param paymentIntent the payment it is of
 * @param amount in whole cents
 * @param statusReason a stable code where it failed
 * @param vendorRefundId the payment vendor's; null until it was issued
 */
public record RefundOrder(
        UUID id,
        PurchaseId purchaseId,
        String paymentIntent,
        UsdMicros amount,
        String note,
        Status status,
        @Nullable String statusReason,
        @Nullable String vendorRefundId,
        Instant createdAt) {

    /** How far it has come. */
    public enum Status {
        ORDERED,
        /** The vendor has taken it on; the credits go by the refund's own events. */
        ISSUED,
        /** The vendor refused it, or it came back: the money is ours, and may be refunded anew. */
        FAILED
    }
}
