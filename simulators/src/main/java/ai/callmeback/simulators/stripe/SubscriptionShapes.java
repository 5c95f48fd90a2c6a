package ai.callmeback.simulators.stripe;

import ai.callmeback.simulators.core.Details;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Subscriptions and invoices as the vendor shows them: periods are on items, an invoice names its subscription below parent. */
final class SubscriptionShapes {
    private SubscriptionShapes() {}

    /**
     * A line of an invoice.
     *
     * @param amount in cents; negative for time given back
     */
    record Line(Map<String, Object> price, long amount, long from, long until, boolean proration) {}

    static Map<String, Object> session(
            Map<String, Object> price, Map<String, String> form, String pageBase, long now, long expiresAt)
            throws StripeError {
        Map<String, Object> session = Shapes.checkout("subscription", form, pageBase, now, expiresAt);
        session.put("payment_status", "unpaid");
        session.put("amount_total", price.get("unit_amount"));
        session.put("currency", price.get("currency"));
        session.put("subscription", null);
        session.put("invoice", null);
        return session;
    }

    static Map<String, Object> subscription(
            Map<String, Object> price, String customer, Map<String, Object> metadata, long from, long until) {
        String id = Shapes.id("sub_");
        Map<String, Object> item = Details.of(
                "id",
                Shapes.id("si_"),
                "object",
                "subscription_item",
                "subscription",
                id,
                "price",
                price,
                "quantity",
                1,
                "current_period_start",
                from,
                "current_period_end",
                until);
        Map<String, Object> subscription = Details.of(
                "id",
                id,
                "object",
                "subscription",
                "created",
                from,
                "start_date",
                from,
                "billing_cycle_anchor",
                from,
                "status",
                "active",
                "collection_method",
                "charge_automatically",
                "currency",
                price.get("currency"),
                "customer",
                customer,
                "metadata",
                metadata,
                "livemode",
                false,
                "cancel_at_period_end",
                false,
                "items",
                list(List.of(item), "/v1/subscription_items?subscription=" + id));
        for (String none : List.of("cancel_at", "canceled_at", "ended_at", "latest_invoice")) {
            subscription.put(none, null);
        }
        return subscription;
    }

    static Map<String, Object> invoice(
            Map<String, Object> subscription, String reason, List<Line> lines, long amountDue, long now) {
        String id = Shapes.id("in_");
        List<Map<String, Object>> shown =
                lines.stream().map(line -> line(line, subscription)).toList();
        Map<String, Object> invoice = Details.of(
                "id",
                id,
                "object",
                "invoice",
                "created",
                now,
                "status",
                "open",
                "billing_reason",
                reason,
                "currency",
                subscription.get("currency"),
                "customer",
                subscription.get("customer"),
                "total",
                lines.stream().mapToLong(Line::amount).sum(),
                "amount_due",
                amountDue,
                "amount_paid",
                0L,
                "amount_remaining",
                amountDue,
                "attempt_count",
                0,
                "attempted",
                false,
                "livemode",
                false,
                "period_start",
                now,
                "period_end",
                now,
                "parent",
                Map.of(
                        "type",
                        "subscription_details",
                        "subscription_details",
                        Map.of("subscription", subscription.get("id"), "metadata", subscription.get("metadata"))),
                "lines",
                list(shown, "/v1/invoices/" + id + "/lines"));
        invoice.put("next_payment_attempt", null);
        invoice.put("payments", list(List.of(), "/v1/invoice_payments"));
        return invoice;
    }

    private static Map<String, Object> line(Line line, Map<String, Object> subscription) {
        return Details.of(
                "id",
                Shapes.id("il_"),
                "object",
                "line_item",
                "amount",
                line.amount,
                "currency",
                subscription.get("currency"),
                "subscription",
                subscription.get("id"),
                "quantity",
                1,
                "livemode",
                false,
                "period",
                Map.of("start", line.from, "end", line.until),
                "parent",
                Map.of(
                        "type",
                        "subscription_item_details",
                        "subscription_item_details",
                        Map.of("proration", line.proration, "subscription", subscription.get("id"))),
                "pricing",
                Map.of(
                        "type",
                        "price_details",
                        "price_details",
                        Map.of("price", line.price.get("id"), "product", line.price.get("product"))));
    }

    static Map<String, Object> invoicePayment(Map<String, Object> invoice, Map<String, Object> payment, Instant now) {
        return Details.of(
                "id",
                Shapes.id("inpay_"),
                "object",
                "invoice_payment",
                "created",
                now.getEpochSecond(),
                "invoice",
                invoice.get("id"),
                "amount_paid",
                payment.get("amount"),
                "currency",
                payment.get("currency"),
                "is_default",
                true,
                "livemode",
                false,
                "status",
                "paid",
                "payment",
                Map.of("type", "payment_intent", "payment_intent", payment.get("id")));
    }

    static Map<String, Object> list(List<Map<String, Object>> data, String url) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("object", "list");
        list.put("data", data);
        list.put("has_more", false);
        list.put("url", url);
        return list;
    }
}
