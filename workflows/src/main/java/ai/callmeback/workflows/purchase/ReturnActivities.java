package ai.callmeback.workflows.purchase;

import io.temporal.activity.ActivityInterface;

/** Brings our books to what the vendor says of a refund or a dispute. Each may run again at any time. */
@ActivityInterface
public interface ReturnActivities {

    /** Answers whether more is to come. */
    boolean applyRefund(String refundId);

    /** Answers whether more is to come. */
    boolean applyDispute(String disputeId);
}
