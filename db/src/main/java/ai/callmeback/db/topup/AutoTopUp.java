package ai.callmeback.db.topup;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.topup.AutoTopUpStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's auto top-up as it stands.
 *
 * @param statusReason why it needs attention or went off by itself: a stable code
 * @param threshold below it a pack is bought
 * @param monthlyCap what may be bought in a calendar month of UTC
 * @param customer at the payment vendor, like {@code paymentMethod}
 * @param month the first day of this month
 * @param countedInMonth what counts against the cap: bought, or under way
 * @param capReachedAt when, this month, a pack was not bought because of the cap; null when none was refused
 */
public record AutoTopUp(
        UUID id,
        UserId userId,
        AutoTopUpStatus status,
        @Nullable String statusReason,
        String productCode,
        Credits threshold,
        UsdMicros monthlyCap,
        Instant consentedAt,
        @Nullable String customer,
        @Nullable String paymentMethod,
        @Nullable Card card,
        LocalDate month,
        UsdMicros countedInMonth,
        @Nullable Instant capReachedAt,
        @Nullable String setupUrl,
        @Nullable Bought last) {

    /**
     * What people know a card by.
     *
     * @param expires as {@code MM/yyyy}
     */
    public record Card(String brand, String last4, String expires) {}

    /**
     * The latest purchase.
     *
     * @param status of the purchase
     */
    public record Bought(
            UUID purchaseId, String status, @Nullable String statusReason, UsdMicros amount, Instant at) {}
}
