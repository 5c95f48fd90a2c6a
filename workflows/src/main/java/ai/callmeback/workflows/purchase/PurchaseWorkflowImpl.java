package ai.callmeback.workflows.purchase;

import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.purchase.PurchaseStatus;
import ai.callmeback.workflows.purchase.PurchaseActivities.Standing;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;

/** Waits are bounded: a lost webhook is made up for by asking, more and more seldom, and at the checkout's end. */
public final class PurchaseWorkflowImpl implements PurchaseWorkflow {
    private static final Logger log = Workflow.getLogger(PurchaseWorkflowImpl.class);

    private static final Duration FIRST_LOOK = Duration.ofMinutes(2);
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(20);
    /** Bank debits take up to two weeks; the vendor says so sooner or later. */
    private static final Duration PROCESSING_LOOK = Duration.ofHours(12);

    /** After the checkout's own end, so that the vendor has closed it. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final List<Duration> FEE_LOOKS = List.of(
            Duration.ofSeconds(20),
            Duration.ofMinutes(5),
            Duration.ofHours(1),
            Duration.ofHours(12),
            Duration.ofDays(2),
            Duration.ofDays(5));

    private final PurchaseActivities activities = PurchaseWorkflows.stub(PurchaseActivities.class);

    private PurchaseStatus status = PurchaseStatus.NEW;
    private boolean moved;

    @Override
    public PurchaseStatus run(PurchaseInput input) {
        PurchaseId id = input.purchaseId();
        Standing standing = show(activities.openCheckout(id));
        if (standing.status() != PurchaseStatus.COMPLETED) {
            standing = awaitMoney(id);
        }
        if (standing.status() == PurchaseStatus.CREDITED || standing.status() == PurchaseStatus.COMPLETED) {
            boolean feeKnown = activities.bookFee(id);
            receipt(id);
            awaitFee(id, feeKnown);
        }
        activities.close(id);
        return status;
    }

    private Standing awaitMoney(PurchaseId id) {
        Standing standing = show(activities.examine(id));
        Duration look = FIRST_LOOK;
        while (standing.status() == PurchaseStatus.OPEN || standing.status() == PurchaseStatus.PROCESSING) {
            Workflow.await(pause(standing, look), () -> moved);
            look = look.multipliedBy(2).compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : look.multipliedBy(2);
            moved = false;
            standing = show(activities.examine(id));
        }
        return standing;
    }

    private static Duration pause(Standing standing, Duration look) {
        if (standing.status() == PurchaseStatus.PROCESSING) {
            return PROCESSING_LOOK;
        }
        Duration end = Duration.ofMillis(standing.checkoutExpiresAtMillis() - Workflow.currentTimeMillis())
                .plus(GRACE);
        // Past its end the vendor must say so any moment.
        return end.compareTo(GRACE) < 0 ? GRACE : end.compareTo(look) < 0 ? end : look;
    }

    /** A receipt that is refused for good does not keep the money waiting. */
    private void receipt(PurchaseId id) {
        try {
            show(activities.sendReceipt(id));
        } catch (ActivityFailure e) {
            log.warn("the receipt was given up: {}", e.getMessage());
        }
    }

    private void awaitFee(PurchaseId id, boolean known) {
        boolean done = known;
        for (Duration look : FEE_LOOKS) {
            if (done) {
                return;
            }
            Workflow.sleep(look);
            done = activities.bookFee(id);
        }
    }

    private Standing show(Standing standing) {
        status = standing.status();
        Workflow.setCurrentDetails("The purchase is " + status);
        return standing;
    }

    @Override
    public void paymentMoved() {
        moved = true;
    }

    @Override
    public PurchaseStatus status() {
        return status;
    }
}
