package ai.callmeback.simulators.stripe;

import static ai.callmeback.simulators.stripe.Account.id;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Money that goes back: refunds, and disputes. Locked by the {@link Account}, whose objects they move. */
@Component
class Returns {
    private static final String VENDOR = "stripe";
    private static final int DISPUTE_FEE_CENTS = 1_500;

    private final Account account;
    private final EventSender events;
    private final Journal journal;
    private final StripeClock clock;

    Returns(Account account, EventSender events, Journal journal, StripeClock clock) {
        this.account = account;
        this.events = events;
        this.journal = journal;
        this.clock = clock;
    }

    Map<String, Object> refund(String paymentId, @Nullable Long asked, Map<String, Object> metadata)
            throws StripeError {
        synchronized (account) {
            Map<String, Object> charge = chargeOf(paymentId);
            long left = (Long) charge.get("amount") - (Long) charge.get("amount_refunded");
            long amount = asked == null ? left : asked;
            if (left == 0) {
                throw new StripeError(
                        400, "invalid_request_error", "charge_already_refunded", null, "It has already been refunded.");
            }
            if (amount < 1 || amount > left) {
                throw StripeError.invalid("amount", "Refund amount is greater than unrefunded amount on charge.");
            }
            charge.put("amount_refunded", (Long) charge.get("amount_refunded") + amount);
            Map<String, Object> money = account.transaction("refund", -amount, 0);
            Map<String, Object> refund = Shapes.refund(charge, amount, metadata, id(money), clock.now());
            account.keep(refund);
            money.put("source", refund.get("id"));
            journal.append(VENDOR, paymentId, "refund.created", Details.of("refund", id(refund), "amount", amount));
            events.send("refund.created", account.shown(refund));
            events.send("charge.refunded", account.shown(charge));
            return refund;
        }
    }

    List<Map<String, Object>> refundsOf(String paymentId) {
        synchronized (account) {
            return account.all("refund")
                    .filter(refund -> paymentId.equals(refund.get("payment_intent")))
                    .map(object -> account.shown(object))
                    .toList();
        }
    }

    /** A bank refuses a refund: the money is back on the account. */
    void failRefund(String refundId) throws StripeError {
        synchronized (account) {
            Map<String, Object> refund = account.find("refund", refundId);
            refund.put("status", "failed");
            Map<String, Object> money = account.transaction("refund_failure", (Long) refund.get("amount"), 0);
            money.put("source", refundId);
            refund.put("failure_balance_transaction", money.get("id"));
            Map<String, Object> charge = chargeOf(String.valueOf(refund.get("payment_intent")));
            charge.put("amount_refunded", (Long) charge.get("amount_refunded") - (Long) refund.get("amount"));
            journal.append(
                    VENDOR,
                    String.valueOf(refund.get("payment_intent")),
                    "refund.failed",
                    Details.of("refund", refundId, "amount", refund.get("amount")));
            events.send("refund.failed", account.shown(refund));
        }
    }

    Map<String, Object> dispute(String paymentId) throws StripeError {
        synchronized (account) {
            Map<String, Object> charge = chargeOf(paymentId);
            long amount = (Long) charge.get("amount");
            List<Object> money = new ArrayList<>();
            Map<String, Object> taken = account.transaction("adjustment", -amount, DISPUTE_FEE_CENTS);
            money.add(taken);
            Map<String, Object> dispute = Shapes.dispute(charge, money, clock.now());
            account.keep(dispute);
            taken.put("source", dispute.get("id"));
            journal.append(
                    VENDOR,
                    paymentId,
                    "dispute.created",
                    Details.of("dispute", id(dispute), "amount", amount, "fee", DISPUTE_FEE_CENTS));
            events.send("charge.dispute.created", account.shown(dispute));
            return dispute;
        }
    }

    void closeDispute(String disputeId, boolean won) throws StripeError {
        synchronized (account) {
            Map<String, Object> dispute = account.find("dispute", disputeId);
            dispute.put("status", won ? "won" : "lost");
            if (won) {
                Map<String, Object> money = account.transaction("adjustment", (Long) dispute.get("amount"), 0);
                money.put("source", disputeId);
            }
            journal.append(
                    VENDOR,
                    String.valueOf(dispute.get("payment_intent")),
                    won ? "dispute.won" : "dispute.lost",
                    Details.of("dispute", disputeId, "amount", dispute.get("amount")));
            events.send("charge.dispute.closed", account.shown(dispute));
        }
    }

    private Map<String, Object> chargeOf(String paymentId) throws StripeError {
        Map<String, Object> payment = account.find("payment_intent", paymentId);
        if (!(payment.get("latest_charge") instanceof String charge)) {
            throw StripeError.invalid("payment_intent", "This PaymentIntent has no successful charge.");
        }
        return account.find("charge", charge);
    }
}
