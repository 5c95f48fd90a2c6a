package ai.callmeback.simulators.stripe;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.Resettable;
import ai.callmeback.simulators.stripe.SubscriptionShapes.Line;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Subscriptions of one account: begun by a checkout, renewed each month by a clock that can be turned forward, tried again 3,
 * 5 and 7 days after a payment that failed, and then ended; changed with proration. Locked by the {@link Account}, whose
 * objects they move.
 */
@Component
class Subscriptions implements Resettable {
    private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);
    private static final String VENDOR = "stripe";
    private static final String KIND = "subscription";
    private static final String AHEAD = "ahead";
    private static final List<Integer> RETRY_DAYS = List.of(3, 5, 7);
    private static final int MAX_SUBSCRIPTIONS = 10_000;
    private static final long DAY_SECONDS = 86_400;
    /** Less is not charged but put on the customer's account. */
    private static final long LEAST_CHARGE_CENTS = 50;

    private final Account account;
    private final Shelf shelf;
    private final EventSender events;
    private final Journal journal;
    private final StripeClock clock;
    private final StripeMemory memory;
    private final Map<String, RunningSubscription> running = new LinkedHashMap<>();
    private long aheadSeconds;

    Subscriptions(
            Account account, Shelf shelf, EventSender events, Journal journal, StripeClock clock, StripeMemory memory) {
        this.account = account;
        this.shelf = shelf;
        this.events = events;
        this.journal = journal;
        this.clock = clock;
        this.memory = memory;
        for (Map.Entry<String, Map<String, Object>> kept : memory.found(KIND).entrySet()) {
            restore(kept.getKey(), kept.getValue());
        }
        memory.found(AHEAD).values().forEach(ahead -> aheadSeconds = (Long) ahead.get("seconds"));
    }

    private void restore(String id, Map<String, Object> kept) {
        try {
            running.put(id, RunningSubscription.of(kept, account.find("subscription", id), account));
        } catch (StripeError e) {
            log.info("subscription {} is older than what the vendor keeps", id);
        }
    }

    /** It may change now. */
    private RunningSubscription touch(RunningSubscription one) {
        account.touch(one.shown);
        if (!one.invoices.isEmpty()) {
            account.touch(one.invoices.getLast());
        }
        memory.keep(KIND, one.id(), one::kept);
        return one;
    }

    Map<String, Object> createSession(Map<String, String> form, String pageBase) throws StripeError {
        synchronized (account) {
            Map<String, Object> price = price(Bodies.required(form, "line_items[0][price]"));
            long now = clock.now().getEpochSecond();
            long expiresAt = account.expiry(form, now);
            Map<String, Object> session = SubscriptionShapes.session(price, form, pageBase, now, expiresAt);
            String title = String.valueOf(
                    shelf.find("product", String.valueOf(price.get("product"))).get("name"));
            account.keepSession(
                    session,
                    title + ", every month",
                    Details.of(
                            "price",
                            price.get("id"),
                            "metadata",
                            Bodies.metadata(form, "subscription_data[metadata]")));
            return session;
        }
    }

    private Map<String, Object> price(String id) throws StripeError {
        Map<String, Object> price = shelf.find("price", id);
        if (!Boolean.TRUE.equals(price.get("active")) || price.get("recurring") == null) {
            throw StripeError.invalid("price", "The price is not active, or not recurring.");
        }
        return price;
    }

    /** Pays a checkout of a payment or a subscription; answers whether the payer is done. */
    boolean pay(String sessionId, Way way) throws StripeError {
        synchronized (account) {
            Map<String, Object> session = account.find("checkout session", sessionId);
            if (!"subscription".equals(session.get("mode"))) {
                return account.pay(sessionId, way);
            }
            if (!"open".equals(session.get("status"))) {
                throw StripeError.invalid("session", "The session is " + session.get("status") + ".");
            }
            switch (way) {
                case DECLINED_CARD -> {
                    journal.append(VENDOR, sessionId, "payment.declined", Map.of());
                    return false;
                }
                case BANK_DEBIT -> throw StripeError.invalid("session", "A subscription is paid by card here.");
                case CARD, DECLINED_LATER, ASKED_LATER -> begin(session);
            }
            return true;
        }
    }

    private void begin(Map<String, Object> session) throws StripeError {
        if (running.size() >= MAX_SUBSCRIPTIONS) {
            throw StripeError.invalid("session", "This simulator keeps " + MAX_SUBSCRIPTIONS + " subscriptions.");
        }
        Map<String, Object> asked = account.asked(session);
        Map<String, Object> price = price(String.valueOf(asked.get("price")));
        Instant now = Instant.ofEpochSecond(now());
        long end = now.atZone(ZoneOffset.UTC).plusMonths(1).toEpochSecond();
        @SuppressWarnings("unchecked") // put there by createSession
        Map<String, Object> metadata = (Map<String, Object>) Objects.requireNonNull(asked.get("metadata"));
        RunningSubscription one = new RunningSubscription(
                SubscriptionShapes.subscription(price, Shapes.id("cus_"), metadata, now.getEpochSecond(), end), now);
        running.put(one.id(), touch(one));
        account.keep(one.shown);
        journal.append(
                VENDOR,
                one.id(),
                "subscription.created",
                Details.of("product", price.get("product"), "session", session.get("id")));
        session.put("status", "complete");
        session.put("payment_status", "paid");
        session.put("customer", one.shown.get("customer"));
        session.put("subscription", one.id());
        Map<String, Object> invoice = invoice(one, "subscription_create", List.of(whole(one, price)));
        session.put("invoice", invoice.get("id"));
        collect(one, invoice);
        events.send("customer.subscription.created", account.shown(one.shown));
        events.send("checkout.session.completed", account.shown(session));
    }

    private Line whole(RunningSubscription one, Map<String, Object> price) {
        Map<String, Object> item = one.item();
        return new Line(
                price,
                (Long) price.get("unit_amount"),
                (Long) item.get("current_period_start"),
                (Long) item.get("current_period_end"),
                false);
    }

    private Map<String, Object> invoice(RunningSubscription one, String reason, List<Line> lines) {
        long total = lines.stream().mapToLong(Line::amount).sum() + one.owedCents;
        boolean charged = total >= LEAST_CHARGE_CENTS;
        one.owedCents = charged ? 0 : total;
        Map<String, Object> invoice = SubscriptionShapes.invoice(one.shown, reason, lines, charged ? total : 0, now());
        account.keep(invoice);
        one.invoices.add(invoice);
        one.shown.put("latest_invoice", invoice.get("id"));
        journal.append(
                VENDOR,
                one.id(),
                "invoice.created",
                Details.of("invoice", invoice.get("id"), "amount", invoice.get("amount_due"), "reason", reason));
        return invoice;
    }

    /** Tries to collect an invoice. */
    private void collect(RunningSubscription one, Map<String, Object> invoice) {
        long due = (Long) invoice.get("amount_due");
        int attempts = ((Number) Objects.requireNonNull(invoice.get("attempt_count"))).intValue() + 1;
        invoice.put("attempt_count", attempts);
        invoice.put("attempted", true);
        invoice.put("next_payment_attempt", null);
        if (due > 0 && !one.cardGood) {
            missed(one, invoice, attempts);
            return;
        }
        if (due > 0) {
            Map<String, Object> payment = Shapes.payment(
                    Map.of("amount_total", due, "currency", invoice.get("currency")), Map.of(), clock.now());
            account.keep(payment);
            account.take(payment, Details.of("invoice", invoice.get("id"), "subscription", one.id()));
            invoice.put(
                    "payments",
                    SubscriptionShapes.list(
                            List.of(SubscriptionShapes.invoicePayment(invoice, payment, clock.now())),
                            "/v1/invoice_payments"));
            events.send("payment_intent.succeeded", account.shown(payment));
        }
        invoice.put("status", "paid");
        invoice.put("amount_paid", due);
        invoice.put("amount_remaining", 0L);
        journal.append(VENDOR, one.id(), "invoice.paid", Details.of("invoice", invoice.get("id"), "amount", due));
        events.send("invoice.paid", account.shown(invoice));
        if ("past_due".equals(one.shown.get("status"))) {
            one.shown.put("status", "active");
            updated(one);
        }
    }

    private void missed(RunningSubscription one, Map<String, Object> invoice, int attempts) {
        boolean again = attempts <= RETRY_DAYS.size();
        if (again) {
            invoice.put("next_payment_attempt", now() + RETRY_DAYS.get(attempts - 1) * DAY_SECONDS);
        }
        journal.append(
                VENDOR, one.id(), "invoice.failed", Details.of("invoice", invoice.get("id"), "attempt", attempts));
        one.shown.put("status", "past_due");
        events.send("invoice.payment_failed", account.shown(invoice));
        if (again) {
            updated(one);
        } else {
            end(one);
        }
    }

    private void updated(RunningSubscription one) {
        events.send("customer.subscription.updated", account.shown(one.shown));
    }

    private void end(RunningSubscription one) {
        one.shown.put("status", "canceled");
        one.shown.put("ended_at", now());
        if (one.shown.get("canceled_at") == null) {
            one.shown.put("canceled_at", now());
        }
        journal.append(VENDOR, one.id(), "subscription.ended", Map.of());
        events.send("customer.subscription.deleted", account.shown(one.shown));
    }

    /** Turns the clock of subscriptions forward; what falls due on the way happens, in order. */
    Map<String, Object> advance(long days) throws StripeError {
        if (days < 0 || days > 400) {
            throw StripeError.invalid("days", "Must be 0 to 400.");
        }
        synchronized (account) {
            memory.keep(AHEAD, "clock", () -> Map.of("seconds", aheadSeconds));
            long target = now() + days * DAY_SECONDS;
            int done = 0;
            for (RunningSubscription next = earliest(target); next != null; next = earliest(target)) {
                aheadSeconds += Math.max(0, next.due() - now());
                happen(touch(next));
                done++;
            }
            aheadSeconds += Math.max(0, target - now());
            return Map.of("now", Instant.ofEpochSecond(now()).toString(), "happened", done);
        }
    }

    private @Nullable RunningSubscription earliest(long target) {
        return running.values().stream()
                .filter(one -> !one.over() && one.due() <= target)
                .min(java.util.Comparator.comparingLong(RunningSubscription::due))
                .orElse(null);
    }

    private void happen(RunningSubscription one) {
        Map<String, Object> item = one.item();
        if (one.invoices.getLast().get("next_payment_attempt") != null) {
            collect(one, one.invoices.getLast());
        } else if (Boolean.TRUE.equals(one.shown.get("cancel_at_period_end"))) {
            end(one);
        } else {
            item.put("current_period_start", item.get("current_period_end"));
            one.periods++;
            item.put("current_period_end", one.end(one.periods));
            Map<String, Object> invoice = invoice(one, "subscription_cycle", List.of(whole(one, one.price())));
            updated(one);
            collect(one, invoice);
        }
    }

    Map<String, Object> update(String id, Map<String, String> form) throws StripeError {
        synchronized (account) {
            RunningSubscription one = find(id);
            if (one.over()) {
                throw StripeError.invalid("id", "A canceled subscription can only update its cancellation_details.");
            }
            String asked = form.get("items[0][price]");
            if (asked != null) {
                change(one, price(asked), form);
            }
            String cancel = form.get("cancel_at_period_end");
            if (cancel != null) {
                boolean ends = cancel.equals("true");
                one.shown.put("cancel_at_period_end", ends);
                one.shown.put("canceled_at", ends ? (Object) now() : null);
                one.shown.put("cancel_at", ends ? one.item().get("current_period_end") : null);
                journal.append(VENDOR, id, ends ? "subscription.to_end" : "subscription.resumed", Map.of());
            }
            updated(one);
            return account.shown(one.shown);
        }
    }

    private void change(RunningSubscription one, Map<String, Object> to, Map<String, String> form) throws StripeError {
        Map<String, Object> item = one.item();
        if (!String.valueOf(item.get("id")).equals(form.get("items[0][id]"))) {
            throw StripeError.invalid("items[0][id]", "This simulator keeps one item in a subscription.");
        }
        String proration = form.getOrDefault("proration_behavior", "");
        Map<String, Object> from = one.price();
        if (proration.equals("always_invoice")) {
            long unused = one.share(from, now());
            long remaining = one.share(to, now());
            if (!one.cardGood && remaining - unused + one.owedCents >= LEAST_CHARGE_CENTS) {
                throw new StripeError(402, "card_error", "card_declined", null, "Your card was declined.");
            }
            long end = (Long) item.get("current_period_end");
            item.put("price", to);
            collect(
                    one,
                    invoice(
                            one,
                            "subscription_update",
                            List.of(
                                    new Line(from, -unused, now(), end, true),
                                    new Line(to, remaining, now(), end, true))));
        } else if (proration.equals("none")) {
            item.put("price", to);
        } else {
            throw StripeError.invalid("proration_behavior", "This simulator knows always_invoice and none.");
        }
        journal.append(
                VENDOR,
                one.id(),
                "subscription.changed",
                Details.of("product", to.get("product"), "proration", proration));
    }

    Map<String, Object> cancel(String id) throws StripeError {
        synchronized (account) {
            RunningSubscription one = find(id);
            if (one.over()) {
                throw StripeError.missing("subscription", id);
            }
            end(one);
            return account.shown(one.shown);
        }
    }

    /** Whether the payer's card pays from now on. */
    void card(String id, boolean good) throws StripeError {
        synchronized (account) {
            find(id).cardGood = good;
        }
    }

    /** Its invoices, newest first. */
    List<Map<String, Object>> invoices(String id, boolean withPayments) throws StripeError {
        synchronized (account) {
            return find(id).invoices.reversed().stream()
                    .map(invoice -> withPayments ? account.shown(invoice, "payments") : account.shown(invoice))
                    .toList();
        }
    }

    private RunningSubscription find(String id) throws StripeError {
        RunningSubscription one = running.get(id);
        if (one == null) {
            throw StripeError.missing("subscription", id);
        }
        return touch(one);
    }

    private long now() {
        return clock.now().plus(Duration.ofSeconds(aheadSeconds)).getEpochSecond();
    }

    @Override
    public void reset() {
        synchronized (account) {
            running.clear();
            aheadSeconds = 0;
        }
    }
}
