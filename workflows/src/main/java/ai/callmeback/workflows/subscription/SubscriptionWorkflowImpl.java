package ai.callmeback.workflows.subscription;

import ai.callmeback.domain.subscription.SubscriptionId;
import ai.callmeback.domain.subscription.SubscriptionStatus;
import ai.callmeback.workflows.subscription.SubscriptionActivities.Standing;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;

/**
 * Each round carries out what is wanted, asks the vendor, credits, writes, books fees. Waits are bounded: a lost webhook is
 * made up for by asking, at the checkout's end, after a renewal, and daily.
 */
public final class SubscriptionWorkflowImpl implements SubscriptionWorkflow {
    private static final Logger log = Workflow.getLogger(SubscriptionWorkflowImpl.class);

    /** Stripe's own deadline is 8 s, twice, and a round reads thrice. */
    private static final Duration STEP = Duration.ofSeconds(90);
    /** What is owed stays owed: the next round tries again. */
    private static final Duration LONGEST_MAIL = Duration.ofMinutes(10);

    private static final Duration FIRST_LOOK = Duration.ofMinutes(2);
    private static final Duration LONGEST_CHECKOUT_LOOK = Duration.ofMinutes(20);
    private static final Duration LONGEST_LOOK = Duration.ofDays(1);
    /** After a checkout's end. */
    private static final Duration GRACE = Duration.ofSeconds(30);
    /** The vendor leaves a renewal open to changes for an hour before it collects. */
    private static final Duration RENEWAL_GRACE = Duration.ofMinutes(65);

    private static final List<Duration> FEE_LOOKS =
            List.of(Duration.ofSeconds(20), Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofHours(12));
    /** A run has its period; a storm of signals must not make it long. */
    private static final int ROUNDS = 60;

    /** How often an e-mail about the end is tried, a day apart. */
    private static final int LAST_MAILS = 3;

    private static final RetryOptions RETRIES = RetryOptions.newBuilder()
            .setInitialInterval(Duration.ofMillis(500))
            .setMaximumInterval(Duration.ofMinutes(1))
            .build();

    private final SubscriptionActivities activities = Workflow.newActivityStub(
            SubscriptionActivities.class,
            ActivityOptions.newBuilder()
                    .setStartToCloseTimeout(STEP)
                    .setRetryOptions(RETRIES)
                    .build());
    private final SubscriptionActivities mail = Workflow.newActivityStub(
            SubscriptionActivities.class,
            ActivityOptions.newBuilder()
                    .setStartToCloseTimeout(STEP)
                    .setScheduleToCloseTimeout(LONGEST_MAIL)
                    .setRetryOptions(RETRIES)
                    .build());

    private SubscriptionStatus status = SubscriptionStatus.NEW;
    private boolean moved;

    @Override
    public SubscriptionStatus run(SubscriptionInput input) {
        SubscriptionId id = input.subscriptionId();
        show(activities.openCheckout(id));
        int feeLook = 0;
        int unwritten = 0;
        Duration look = FIRST_LOOK;
        for (int round = 1; ; round++) {
            moved = false;
            activities.carryOut(id);
            Standing standing = show(activities.examine(id));
            unwritten = notices(id) ? 0 : unwritten + 1;
            boolean feesKnown = activities.bookFees(id) || feeLook >= FEE_LOOKS.size();
            boolean written = unwritten == 0 || unwritten >= LAST_MAILS;
            if (standing.status().isTerminal() && feesKnown && written && !moved) {
                activities.close(id);
                return status;
            }
            if (standing.periodEndMillis() != input.periodEndMillis() || round >= ROUNDS) {
                Workflow.continueAsNew(new SubscriptionInput(id, standing.periodEndMillis()));
            }
            Duration pause = pause(standing, look);
            if (!feesKnown) {
                pause = shorter(pause, FEE_LOOKS.get(feeLook++));
            }
            Workflow.await(pause, () -> moved);
            look = shorter(look.multipliedBy(2), LONGEST_CHECKOUT_LOOK);
        }
    }

    private static Duration pause(Standing standing, Duration look) {
        if (standing.status() == SubscriptionStatus.OPEN) {
            Duration end = until(standing.checkoutExpiresAtMillis()).plus(GRACE);
            // Past its end the vendor must say so any moment.
            return end.compareTo(GRACE) < 0 ? GRACE : shorter(end, look);
        }
        Duration renewal = until(standing.periodEndMillis()).plus(RENEWAL_GRACE);
        return renewal.isNegative() || renewal.isZero() ? LONGEST_LOOK : shorter(renewal, LONGEST_LOOK);
    }

    private static Duration until(long millis) {
        return Duration.ofMillis(millis - Workflow.currentTimeMillis());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** An e-mail that cannot be sent does not keep the money waiting. */
    private boolean notices(SubscriptionId id) {
        try {
            mail.sendNotices(id);
            return true;
        } catch (ActivityFailure e) {
            log.warn("an e-mail is still owed: {}", e.getMessage());
            return false;
        }
    }

    private Standing show(Standing standing) {
        status = standing.status();
        Workflow.setCurrentDetails("The subscription is " + status
                + (standing.periodEndMillis() == 0
                        ? ""
                        : ", its period ends " + Instant.ofEpochMilli(standing.periodEndMillis())));
        return standing;
    }

    @Override
    public void moved() {
        moved = true;
    }

    @Override
    public SubscriptionStatus status() {
        return status;
    }
}
