package ai.callmeback.activities.purchase;

import ai.callmeback.vendors.payment.CheckoutOutcome;
import io.temporal.failure.ApplicationFailure;
import java.util.function.Consumer;

/** What becomes of the request for a page of the payment vendor. */
public final class Checkouts {
    private Checkouts() {}

    /**
     * @param refused told why, for a case; no repeat will help
     * @throws ApplicationFailure when the outcome is not known: the step is tried again, as the same request
     */
    public static void follow(
            CheckoutOutcome outcome, Consumer<CheckoutOutcome.Opened> opened, Consumer<String> refused) {
        switch (outcome) {
            case CheckoutOutcome.Opened page -> opened.accept(page);
            case CheckoutOutcome.Refused(var fault) -> refused.accept("HTTP " + fault.status() + " " + fault.code());
            case CheckoutOutcome.Unknown(var fault) ->
                throw ApplicationFailure.newFailure("no checkout: " + fault.kind(), "payment_vendor");
        }
    }
}
