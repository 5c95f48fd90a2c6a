package ai.callmeback.vendors.payment;

import org.jspecify.annotations.Nullable;

/**
 * Another plan for a subscription.
 *
 * @param orderId our name for the change; also makes it idempotent
 * @param paid what the present period was paid for: the difference for its rest is charged at once; null: nothing is
 *     charged, and the other plan is what the next invoice is for
 */
public record PlanChange(
        String orderId,
        String vendorId,
        ShelfItem to,
        @Nullable ShelfItem paid) {}
