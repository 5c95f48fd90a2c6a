package ai.callmeback.db.subscription;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a paid invoice brought: a whole period, or more for the rest of one.
 *
 * @param paymentIntent null when nothing was to pay
 * @param feeKnown whether nothing more is to be learnt of its fee
 */
public record Period(
        String invoiceId,
        Reason reason,
        String planCode,
        Instant startsAt,
        Instant endsAt,
        Credits credits,
        long calls,
        UsdMicros amount,
        UUID grantId,
        @Nullable String paymentIntent,
        boolean feeKnown) {

    /** Why there was an invoice. */
    public enum Reason {
        /** The first period. */
        CREATE,
        /** Another one. */
        CYCLE,
        /** A bigger plan for the rest of a period. */
        UPDATE
    }
}
