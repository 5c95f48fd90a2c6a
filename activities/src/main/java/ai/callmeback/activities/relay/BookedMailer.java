package ai.callmeback.activities.relay;

import ai.callmeback.db.cost.OtherCosts;
import ai.callmeback.vendors.mail.Email;
import ai.callmeback.vendors.mail.MailOutcome;
import ai.callmeback.vendors.mail.Mailer;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Books what an e-mail costs once the vendor has taken it. A cost that could not be booked holds up no e-mail. */
final class BookedMailer implements Mailer {
    private static final Logger log = LoggerFactory.getLogger(BookedMailer.class);

    private final Mailer vendor;
    private final Supplier<OtherCosts> costs;
    private final Supplier<InstantSource> clock;

    BookedMailer(Mailer vendor, Supplier<OtherCosts> costs, Supplier<InstantSource> clock) {
        this.vendor = vendor;
        this.costs = costs;
        this.clock = clock;
    }

    @Override
    public Mono<MailOutcome> send(Email email, String idempotencyKey) {
        return vendor.send(email, idempotencyKey)
                .delayUntil(outcome -> outcome instanceof MailOutcome.Accepted ? booked(idempotencyKey) : Mono.empty());
    }

    private Mono<Void> booked(String key) {
        return Mono.defer(() -> costs.get().mail(key, clock.get().instant())).onErrorResume(e -> {
            log.warn("the cost of {} was not booked: {}", key, e.toString());
            return Mono.empty();
        });
    }
}
