package ai.callmeback.workflows.purchase;

import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.purchase.PurchaseStatus;
import io.temporal.activity.ActivityInterface;

/** The steps of a purchase. Each may run again at any time and then does nothing twice. */
@ActivityInterface
public interface PurchaseActivities {

    /** Opens the checkout unless it is open. Answers where the purchase stands. */
    Standing openCheckout(PurchaseId purchaseId);

    /** Reads the payment from the vendor and moves the purchase accordingly; credits it if it is paid. */
    Standing examine(PurchaseId purchaseId);

    /** Sends the receipt, once. */
    Standing sendReceipt(PurchaseId purchaseId);

    /** Books the fee if the vendor knows it, else its estimate; answers whether it is the actual fee. */
    boolean bookFee(PurchaseId purchaseId);

    /** Nothing more is to be done unless the vendor says so. */
    void close(PurchaseId purchaseId);

    /**
     * Where a purchase stands.
     *
     * @param checkoutExpiresAtMillis of the checkout, 0 when there is none
     */
    record Standing(PurchaseStatus status, long checkoutExpiresAtMillis) {}
}
