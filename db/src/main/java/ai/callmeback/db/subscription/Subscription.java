package ai.callmeback.db.subscription;

import ai.callmeback.domain.UserId;
import ai.callmeback.domain.subscription.SubscriptionId;
import ai.callmeback.domain.subscription.SubscriptionStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as it stands.
 *
 * @param planCode what is paid for from the next period on
 * @param superseded another plan was chosen before this one was paid
 * @param vendorId the payment vendor's; null until it is paid
 * @param periodEnd of the period the payment vendor is in
 */
public record Subscription(
        SubscriptionId id,
        UserId userId,
        String planCode,
        SubscriptionStatus status,
        @Nullable String statusReason,
        @Nullable String checkoutSession,
        @Nullable String checkoutUrl,
        @Nullable Instant checkoutExpiresAt,
        boolean superseded,
        @Nullable String vendorId,
        @Nullable Instant periodStart,
        @Nullable Instant periodEnd,
        boolean endsAtPeriodEnd,
        Instant createdAt) {}
