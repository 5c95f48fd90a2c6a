package ai.callmeback.workflows.topup;

import ai.callmeback.domain.topup.CardSetupId;
import ai.callmeback.domain.topup.CardSetupStatus;
import ai.callmeback.workflows.purchase.PurchaseWorkflows;
import ai.callmeback.workflows.topup.CardSetupActivities.Standing;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Waits are bounded: a lost webhook is made up for by asking, more and more seldom, and at the page's end. */
public final class CardSetupWorkflowImpl implements CardSetupWorkflow {
    private static final Duration FIRST_LOOK = Duration.ofMinutes(1);
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(20);
    /** After the page's own end, so that the vendor has closed it. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final CardSetupActivities activities = PurchaseWorkflows.stub(CardSetupActivities.class);

    private CardSetupStatus status = CardSetupStatus.NEW;
    private boolean moved;

    @Override
    public CardSetupStatus run(CardSetupInput input) {
        CardSetupId id = input.cardSetupId();
        Standing standing = show(activities.open(id));
        Duration look = FIRST_LOOK;
        while (!standing.status().isOver()) {
            Workflow.await(pause(standing, look), () -> moved);
            look = shorter(look.multipliedBy(2), LONGEST_LOOK);
            moved = false;
            standing = show(activities.examine(id));
        }
        // Also one that was withdrawn before it was looked at: its page is closed.
        show(activities.examine(id));
        activities.close(id);
        return status;
    }

    private static Duration pause(Standing standing, Duration look) {
        Duration end = Duration.ofMillis(standing.expiresAtMillis() - Workflow.currentTimeMillis())
                .plus(GRACE);
        return end.compareTo(GRACE) < 0 ? GRACE : shorter(end, look);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private Standing show(Standing standing) {
        status = standing.status();
        Workflow.setCurrentDetails("The saving of a card is " + status);
        return standing;
    }

    @Override
    public void moved() {
        moved = true;
    }

    @Override
    public CardSetupStatus status() {
        return status;
    }
}
