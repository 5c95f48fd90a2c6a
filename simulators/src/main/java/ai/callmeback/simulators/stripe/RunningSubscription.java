package ai.callmeback.simulators.stripe;

import ai.callmeback.simulators.core.Details;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the vendor knows of a subscription beside what it shows. */
final class RunningSubscription {
    final Map<String, Object> shown;
    final List<Map<String, Object>> invoices = new ArrayList<>();
    final Instant anchor;
    int periods = 1;
    boolean cardGood = true;
    /** The customer's account in cents; positive: owed to us, and put on the next invoice. */
    long owedCents;

    RunningSubscription(Map<String, Object> shown, Instant anchor) {
        this.shown = shown;
        this.anchor = anchor;
    }

    /** From {@link #kept}, with the objects it names. */
    static RunningSubscription of(Map<String, Object> kept, Map<String, Object> shown, Account account)
            throws StripeError {
        RunningSubscription one =
                new RunningSubscription(shown, Instant.ofEpochSecond(((Number) part(kept, "anchor")).longValue()));
        one.periods = ((Number) part(kept, "periods")).intValue();
        one.cardGood = Boolean.TRUE.equals(kept.get("cardGood"));
        one.owedCents = ((Number) part(kept, "owedCents")).longValue();
        for (Object invoice : (List<?>) part(kept, "invoices")) {
            one.invoices.add(account.find("invoice", String.valueOf(invoice)));
        }
        return one;
    }

    private static Object part(Map<String, Object> kept, String name) {
        return Objects.requireNonNull(kept.get(name));
    }

    Map<String, Object> kept() {
        return Details.of(
                "anchor",
                anchor.getEpochSecond(),
                "periods",
                periods,
                "cardGood",
                cardGood,
                "owedCents",
                owedCents,
                "invoices",
                invoices.stream().map(invoice -> invoice.get("id")).toList());
    }

    long end(int period) {
        return anchor.atZone(ZoneOffset.UTC).plusMonths(period).toEpochSecond();
    }

    boolean over() {
        return "canceled".equals(shown.get("status"));
    }

    String id() {
        return String.valueOf(shown.get("id"));
    }

    /** When something happens to it next, by the clock of subscriptions. */
    long due() {
        Object retry = invoices.getLast().get("next_payment_attempt");
        return retry instanceof Long at ? at : (Long) Objects.requireNonNull(item().get("current_period_end"));
    }

    @SuppressWarnings("unchecked") // as SubscriptionShapes made it
    Map<String, Object> item() {
        Map<String, Object> items = (Map<String, Object>) Objects.requireNonNull(shown.get("items"));
        return ((List<Map<String, Object>>) Objects.requireNonNull(items.get("data"))).getFirst();
    }

    @SuppressWarnings("unchecked") // as SubscriptionShapes made it
    Map<String, Object> price() {
        return (Map<String, Object>) Objects.requireNonNull(item().get("price"));
    }

    /** What the rest of the period costs at a price, to the nearest cent; never more than the price, should the clock be set back. */
    long share(Map<String, Object> price, long now) {
        long start = (Long) Objects.requireNonNull(item().get("current_period_start"));
        long end = (Long) Objects.requireNonNull(item().get("current_period_end"));
        return Math.round((Long) price.get("unit_amount") * (double) (end - Math.max(start, now)) / (end - start));
    }
}
