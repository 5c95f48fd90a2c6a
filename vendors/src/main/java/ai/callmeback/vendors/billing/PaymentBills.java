package ai.callmeback.vendors.billing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Port: how our balance at the payment vendor has moved. */
public interface PaymentBills {

    /**
     * A page of the movements of a range.
     *
     * @param cursor of the page before; null for the first
     * @throws BillsException when the vendor could not be asked
     */
    BillPage<MoneyMovement> movements(Instant from, Instant until, @Nullable String cursor);

    /**
     * A page of the payouts of a range, each with the sum of what it paid.
     *
     * @param cursor of the page before; null for the first
     * @throws BillsException when the vendor could not be asked
     */
    BillPage<Payout> payouts(Instant from, Instant until, @Nullable String cursor);
}
