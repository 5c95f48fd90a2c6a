package ai.callmeback.simulators.stripe;

import ai.callmeback.simulators.core.Details;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** New objects as the vendor shows them. */
final class Shapes {
    private Shapes() {}

    /** A checkout of a single payment, open. */
    static Map<String, Object> session(
            Map<String, String> form, long amount, String currency, String pageBase, long now, long expiresAt)
            throws StripeError {
        Map<String, Object> session = checkout("payment", form, pageBase, now, expiresAt);
        session.put("payment_status", "unpaid");
        session.put("amount_total", amount);
        session.put("currency", currency);
        return session;
    }

    /** What checkouts of all modes have. */
    static Map<String, Object> checkout(
            String mode, Map<String, String> form, String pageBase, long now, long expiresAt) throws StripeError {
        String id = id("cs_test_");
        Map<String, Object> session = Details.of(
                "id",
                id,
                "object",
                "checkout.session",
                "mode",
                mode,
                "status",
                "open",
                "url",
                pageBase + "/stripe/checkout/" + id,
                "client_reference_id",
                form.get("client_reference_id"),
                "metadata",
                Bodies.metadata(form, "metadata"),
                "success_url",
                Bodies.required(form, "success_url"),
                "cancel_url",
                form.getOrDefault("cancel_url", ""),
                "created",
                now,
                "expires_at",
                expiresAt,
                "livemode",
                false);
        session.put("payment_intent", null);
        return session;
    }

    static Map<String, Object> payment(Map<String, Object> session, @Nullable Object metadata, Instant now) {
        Map<String, Object> payment = created("pi_", "payment_intent", now);
        payment.putAll(Details.of(
                "amount",
                session.get("amount_total"),
                "currency",
                session.get("currency"),
                "status",
                "requires_payment_method",
                "metadata",
                metadata,
                "livemode",
                false));
        return payment;
    }

    static Map<String, Object> charge(Map<String, Object> payment, Instant now) {
        Map<String, Object> charge = created("ch_", "charge", now);
        charge.putAll(Details.of(
                "amount",
                payment.get("amount"),
                "amount_refunded",
                0L,
                "currency",
                payment.get("currency"),
                "payment_intent",
                payment.get("id"),
                "status",
                "succeeded",
                "paid",
                true,
                "livemode",
                false));
        return charge;
    }

    static Map<String, Object> transaction(String type, long amount, long fee, Instant now) {
        Map<String, Object> money = created("txn_", "balance_transaction", now);
        money.putAll(Details.of(
                "type",
                type,
                "amount",
                amount,
                "fee",
                fee,
                "net",
                amount - fee,
                "currency",
                "usd",
                "status",
                "pending"));
        return money;
    }

    static Map<String, Object> payout(long amount, String moneyId, String status, Instant now) {
        Map<String, Object> payout = created("po_", "payout", now);
        payout.putAll(Details.of(
                "amount",
                amount,
                "arrival_date",
                now.getEpochSecond(),
                "automatic",
                true,
                "balance_transaction",
                moneyId,
                "currency",
                "usd",
                "method",
                "standard",
                "status",
                status,
                "type",
                "bank_account",
                "livemode",
                false));
        return payout;
    }

    static Map<String, Object> refund(
            Map<String, Object> charge, long amount, Map<String, Object> metadata, String moneyId, Instant now) {
        Map<String, Object> refund = created("re_", "refund", now);
        refund.putAll(Details.of(
                "amount",
                amount,
                "currency",
                charge.get("currency"),
                "payment_intent",
                charge.get("payment_intent"),
                "charge",
                charge.get("id"),
                "status",
                "succeeded",
                "metadata",
                metadata,
                "balance_transaction",
                moneyId));
        return refund;
    }

    static Map<String, Object> dispute(Map<String, Object> charge, List<Object> money, Instant now) {
        Map<String, Object> dispute = created("dp_", "dispute", now);
        dispute.putAll(Details.of(
                "amount",
                charge.get("amount"),
                "currency",
                charge.get("currency"),
                "payment_intent",
                charge.get("payment_intent"),
                "charge",
                charge.get("id"),
                "reason",
                "fraudulent",
                "status",
                "needs_response",
                "balance_transactions",
                money,
                "livemode",
                false));
        return dispute;
    }

    private static Map<String, Object> created(String prefix, String object, Instant now) {
        return Details.of("id", id(prefix), "object", object, "created", now.getEpochSecond());
    }

    static String id(String prefix) {
        return prefix + UUID.randomUUID().toString().replace("-", "");
    }
}
