package ai.callmeback.db.purchase;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That something happened at the payment vendor. What happened is asked again there before anything moves.
 *
 * @param objectId of the checkout session, refund or dispute
 * @param purchaseId the purchase it names as its own
 * @param subscriptionId the subscription of ours that it belongs to
 * @param cardSetupId the saving of a card that it belongs to
 */
public record PaymentEvent(
        String eventId,
        String type,
        String objectId,
        @Nullable UUID purchaseId,
        @Nullable UUID subscriptionId,
        @Nullable UUID cardSetupId,
        Instant receivedAt) {}
