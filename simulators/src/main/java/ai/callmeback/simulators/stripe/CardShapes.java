package ai.callmeback.simulators.stripe;

import ai.callmeback.simulators.core.Details;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Customers, saved cards and payments with them as the vendor shows them. */
final class CardShapes {
    private static final int CARD_YEARS = 3;

    private CardShapes() {}

    static Map<String, Object> session(
            Map<String, String> form, String pageBase, long now, long expiresAt, @Nullable String customer)
            throws StripeError {
        Map<String, Object> session = Shapes.checkout("setup", form, pageBase, now, expiresAt);
        session.put("payment_status", "no_payment_required");
        session.put("customer", customer);
        session.put("amount_total", null);
        session.put("currency", null);
        session.put("setup_intent", null);
        return session;
    }

    static Map<String, Object> customer(Instant now) {
        return Details.of(
                "id",
                Shapes.id("cus_"),
                "object",
                "customer",
                "created",
                now.getEpochSecond(),
                "metadata",
                Map.of(),
                "livemode",
                false);
    }

    static Map<String, Object> method(String customer, SavedCards.Away away, Instant now) {
        return Details.of(
                "id",
                Shapes.id("pm_"),
                "object",
                "payment_method",
                "created",
                now.getEpochSecond(),
                "type",
                "card",
                "customer",
                customer,
                "card",
                Map.of(
                        "brand",
                        "visa",
                        "last4",
                        "4242",
                        "exp_month",
                        12L,
                        "exp_year",
                        (long) now.atZone(ZoneOffset.UTC).getYear() + CARD_YEARS,
                        "funding",
                        "credit"),
                "livemode",
                false,
                "_away",
                away.name());
    }

    static Map<String, Object> setup(Map<String, Object> method, Instant now) {
        return Details.of(
                "id",
                Shapes.id("seti_"),
                "object",
                "setup_intent",
                "created",
                now.getEpochSecond(),
                "status",
                "succeeded",
                "usage",
                "off_session",
                "customer",
                method.get("customer"),
                "payment_method",
                method.get("id"),
                "livemode",
                false);
    }

    static Map<String, Object> payment(
            long amount,
            String currency,
            @Nullable String customer,
            @Nullable String method,
            Map<String, Object> metadata,
            Instant now) {
        Map<String, Object> payment =
                Shapes.payment(Map.of("amount_total", amount, "currency", currency), metadata, now);
        payment.put("customer", customer);
        payment.put("payment_method", method);
        payment.put("status", method == null ? "requires_payment_method" : "requires_confirmation");
        return payment;
    }
}
