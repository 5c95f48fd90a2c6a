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
import com.stripe.param.PayoutListParams;
import java.time.Instant;
import java.util.ArrayList;
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

    @Override
    public BillPage<Payout> payouts(Instant from, Instant until, @Nullable String cursor) {
        PayoutListParams.Builder params = PayoutListParams.builder()
                .setCreated(PayoutListParams.Created.builder()
                        .setGte(from.getEpochSecond())
                        .setLt(until.getEpochSecond())
                        .build())
                .setLimit(PAGE);
        if (cursor != null) {
            params.setStartingAfter(cursor);
        }
        try {
            StripeCollection<com.stripe.model.Payout> page =
                    client.v1().payouts().list(params.build());
            List<com.stripe.model.Payout> found = page.getData();
            List<Payout> payouts = new ArrayList<>();
            for (com.stripe.model.Payout payout : found) {
                payouts.add(new Payout(
                        payout.getId(),
                        Instant.ofEpochSecond(payout.getCreated()),
                        payout.getAmount(),
                        paidBy(payout.getId()),
                        payout.getStatus()));
            }
            boolean more = Boolean.TRUE.equals(page.getHasMore()) && !found.isEmpty();
            return new BillPage<>(payouts, more ? found.getLast().getId() : null);
        } catch (StripeException e) {
            throw new BillsException("stripe payouts: HTTP " + e.getStatusCode(), e);
        }
    }

    /** Its own movement, which takes the money off the balance, is not one of those it pays. */
    private long paidBy(String payout) throws StripeException {
        long net = 0;
        String after = null;
        do {
            BalanceTransactionListParams.Builder params =
                    BalanceTransactionListParams.builder().setPayout(payout).setLimit(PAGE);
            if (after != null) {
                params.setStartingAfter(after);
            }
            StripeCollection<BalanceTransaction> page =
                    client.v1().balanceTransactions().list(params.build());
            for (BalanceTransaction paid : page.getData()) {
                net += paid.getType().startsWith("payout") ? 0 : paid.getNet();
            }
            boolean more =
                    Boolean.TRUE.equals(page.getHasMore()) && !page.getData().isEmpty();
            after = more ? page.getData().getLast().getId() : null;
        } while (after != null);
        return net;
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
