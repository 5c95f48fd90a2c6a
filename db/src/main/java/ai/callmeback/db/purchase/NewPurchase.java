package ai.callmeback.db.purchase;

import ai.callmeback.domain.UserId;
import ai.callmeback.domain.purchase.PurchaseId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to buy.
 *
 * @param idempotencyKey of this user; the same key and wish again is the same purchase
 */
public record NewPurchase(
        PurchaseId id,
        UserId userId,
        String productCode,
        int quantity,
        @Nullable String couponCode,
        String idempotencyKey,
        Instant at) {}
