package ai.callmeback.db.purchase;

import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.purchase.PurchaseId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** @param amount in whole cents; null: all that is left of the payment */
public record NewRefundOrder(
        UUID id,
        PurchaseId purchaseId,
        UserId orderedBy,
        String idempotencyKey,
        @Nullable UsdMicros amount,
        String note,
        Instant at) {}
