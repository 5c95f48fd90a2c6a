package ai.callmeback.activities.topup;

import ai.callmeback.activities.purchase.Waiting;
import ai.callmeback.db.topup.CardDetachments;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.vendors.payment.SavedCards;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Has cards out of use taken off their customers at the payment vendor, which is asked until it has done so. */
@Component
public class CardDetachmentRelay {
    private static final Logger log = LoggerFactory.getLogger(CardDetachmentRelay.class);
    private static final int ROUND_MOST = 20;
    /** Longer than one takes, for which the vendor is asked twice, and no longer: so late is one whose process died. */
    private static final Duration LEASE = Duration.ofMinutes(2);

    /** As long as anything else is. */
    private static final Duration KEPT = Limits.TRANSCRIPT_RETENTION;

    private final CardDetachments detachments;
    private final SavedCards cards;
    private final InstantSource clock;

    CardDetachmentRelay(CardDetachments detachments, SavedCards cards, InstantSource clock) {
        this.detachments = detachments;
        this.cards = cards;
        this.clock = clock;
    }

    /** Answers how many were dealt with. */
    public int round() {
        int done = 0;
        for (Optional<CardDetachments.Due> due = next(); due.isPresent(); due = next()) {
            detach(due.get());
            if (++done == ROUND_MOST) {
                break;
            }
        }
        if (done > 0) {
            // Now and then is enough, and this is as often as there are any.
            Waiting.of(detachments.forgetDoneBefore(clock.instant().minus(KEPT)));
        }
        return done;
    }

    private Optional<CardDetachments.Due> next() {
        return Waiting.of(detachments.lease(1, LEASE, clock.instant()).collectList()).stream()
                .findFirst();
    }

    private void detach(CardDetachments.Due due) {
        try {
            cards.detach(due.paymentMethod());
            Waiting.done(detachments.done(due, clock.instant()));
        } catch (RuntimeException e) {
            log.warn("{} could not be detached yet: {}", due, e.getClass().getSimpleName());
            Waiting.done(detachments.again(due, clock.instant()));
        }
    }
}
