package ai.callmeback.activities.topup;

import ai.callmeback.activities.purchase.CardSetupSigns;
import ai.callmeback.activities.purchase.Waiting;
import ai.callmeback.db.topup.AutoTopUps;
import ai.callmeback.db.topup.CardSetups;
import ai.callmeback.db.topup.LookOutcome;
import ai.callmeback.domain.IdSource;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.topup.CardSetupId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Looks at the credit of those whose holds have changed, and begins what is to be bought; makes sure that the saving of a card
 * has its workflow. A look that is lost is made up for by the next one.
 */
@Component
public class TopUpRelay {
    private static final Logger log = LoggerFactory.getLogger(TopUpRelay.class);
    private static final int BATCH = 50;
    /** Without a hold: credits expire, and a month begins. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

    /** Whoever looks has died after that. */
    private static final Duration LOOK_LEASE = Duration.ofSeconds(30);

    private static final Duration START_AGAIN = Duration.ofSeconds(1);

    private final AutoTopUps topUps;
    private final CardSetups setups;
    private final CardSetupSigns signs;
    private final IdSource ids = IdSource.timeOrdered();
    private final InstantSource clock;

    TopUpRelay(AutoTopUps topUps, CardSetups setups, CardSetupSigns signs, InstantSource clock) {
        this.topUps = topUps;
        this.setups = setups;
        this.signs = signs;
        this.clock = clock;
    }

    /** Answers how much was done. */
    public int round() {
        return saveCards() + look();
    }

    private int saveCards() {
        int done = 0;
        for (CardSetupId id :
                Waiting.of(setups.due(BATCH, LOOK_AGAIN, clock.instant()).collectList())) {
            try {
                signs.moved(id);
                done++;
            } catch (RuntimeException e) {
                log.warn("the saving of a card {} could not be started yet: {}", id, name(e));
                Waiting.done(setups.dueAt(id, again()));
            }
        }
        return done;
    }

    private int look() {
        int done = 0;
        for (UUID id : Waiting.of(topUps.due(BATCH, LOOK_LEASE, clock.instant()).collectList())) {
            try {
                LookOutcome outcome = Waiting.of(topUps.look(id, new PurchaseId(ids.get()), clock.instant()));
                Waiting.done(topUps.looked(id, clock.instant().plus(LOOK_AGAIN)));
                if (outcome != LookOutcome.ENOUGH) {
                    log.info("auto top-up {}: {}", id, outcome);
                }
                done++;
            } catch (RuntimeException e) {
                log.warn("auto top-up {} could not be looked at yet: {}", id, name(e));
                Waiting.done(topUps.dueAt(id, again()));
            }
        }
        return done;
    }

    private Instant again() {
        return clock.instant().plus(START_AGAIN);
    }

    private static String name(RuntimeException e) {
        return e.getClass().getSimpleName();
    }
}
