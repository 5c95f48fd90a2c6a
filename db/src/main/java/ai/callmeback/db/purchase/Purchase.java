package ai.callmeback.db.purchase;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.purchase.PurchaseStatus;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A purchase as it stands.
 *
 * @param amount what is to be paid, in whole cents
 * @param credits what the payment brings
 * @param bonus what a coupon adds
 * @param statusReason a stable code where the status needs one
 * @param topUpId the auto top-up that bought it; null when a person did
 * @param topUpPayment the payment prepared for that, by the card on file
 */
public record Purchase(
        PurchaseId id,
        UserId userId,
        String productCode,
        String productTitle,
        int quantity,
        @Nullable String couponCode,
        UsdMicros amount,
        Credits credits,
        Credits bonus,
        PurchaseStatus status,
        @Nullable String statusReason,
        @Nullable String checkoutSession,
        @Nullable String checkoutUrl,
        @Nullable Instant checkoutExpiresAt,
        @Nullable String paymentIntent,
        @Nullable UUID grantId,
        @Nullable Instant receiptSentAt,
        @Nullable UUID topUpId,
        @Nullable String topUpPayment,
        Instant createdAt) {

    /** Whether it was bought by itself. */
    public boolean isTopUp() {
        return topUpId != null;
    }
}
