package ai.callmeback.workflows.purchase;

import io.temporal.activity.ActivityInterface;

/** Carries a refund of ours to the payment vendor. */
@ActivityInterface
public interface RefundOrderActivities {

    /** Issues the refund, once however often this runs, and sees to it that its workflow watches it. */
    void issueRefund(String orderId);
}
