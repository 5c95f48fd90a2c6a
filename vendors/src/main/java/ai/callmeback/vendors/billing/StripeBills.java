package ai.callmeback.vendors.billing;

import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.wire.StripeClients;
import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.BalanceTransaction;
import com.stripe.model.BalanceTransactionSource;
import com.stripe.model.Charge;
import com.stripe.model.Dispute;
import com.stripe.model.Refund;
import com.stripe.model.StripeCollection;
import com.stripe.param.BalanceTransactionListParams;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stripe's balance transactions, newest first, each with what it is of. */
public final class StripeBills implements PaymentBills {
    private static final long PAGE = 100;

    private final StripeClient client;

    public StripeBills(VendorSettings.Stripe settings) {
        this.client = StripeClients.of(settings);
    }

    @Override
    public BillPage<MoneyMovement> movements(Instant from, Instant until, @Nullable String cursor) {
        BalanceTransactionListParams.Builder params = BalanceTransactionListParams.builder()
                .setCreated(BalanceTransactionListParams.Created.builder()
                        .setGte(from.getEpochSecond())
                        .setLt(until.getEpochSecond())
                        .build())
                .setLimit(PAGE)
                .addExpand("data.source");
        if (cursor != null) {
            params.setStartingAfter(cursor);
        }
        try {
            StripeCollection<BalanceTransaction> page =
                    client.v1().balanceTransactions().list(params.build());
            List<BalanceTransaction> found = page.getData();
            boolean more = Boolean.TRUE.equals(page.getHasMore()) && !found.isEmpty();
            return new BillPage<>(
                    found.stream().map(StripeBills::movement).toList(),
                    more ? found.getLast().getId() : null);
        } catch (StripeException e) {
            throw new BillsException("stripe balance transactions: HTTP " + e.getStatusCode(), e);
        }
    }

    private static MoneyMovement movement(BalanceTransaction money) {
        BalanceTransactionSource source = money.getSourceObject();
        MoneyMovement.Kind kind;
        String subject;
        if (source instanceof Charge charge) {
            kind = MoneyMovement.Kind.CHARGE;
            subject = charge.getPaymentIntent();
        } else if (source instanceof Refund refund) {
            kind = MoneyMovement.Kind.REFUND;
            subject = refund.getId();
        } else if (source instanceof Dispute dispute) {
            kind = MoneyMovement.Kind.DISPUTE;
            subject = dispute.getId();
        } else {
            kind = MoneyMovement.Kind.OTHER;
            subject = money.getSource();
        }
        return new MoneyMovement(
                money.getId(),
                kind,
                subject == null ? "" : subject,
                Instant.ofEpochSecond(money.getCreated()),
                money.getAmount(),
                money.getFee(),
                money.getCurrency());
    }
}
