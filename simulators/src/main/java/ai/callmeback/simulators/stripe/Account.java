package ai.callmeback.simulators.stripe;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.Resettable;
import ai.callmeback.simulators.core.SimTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The objects of one account and what moves them. Money is in cents. The journal tells what was really paid. */
@Component
class Account implements Resettable {
    private static final String VENDOR = "stripe";
    private static final String KIND = "object";
    private static final int MAX_OBJECTS = 50_000;
    private static final Duration SHORTEST = Duration.ofMinutes(30).minusSeconds(60);
    private static final Duration LONGEST = Duration.ofHours(24).plusSeconds(60);

    private final StripeSettings settings;
    private final EventSender events;
    private final Journal journal;
    private final SimTime time;
    private final StripeClock clock;
    private final StripeMemory memory;
    private final Map<String, Map<String, Object>> objects = new LinkedHashMap<>();
    private volatile long feeDelayMillis;

    Account(
            StripeSettings settings,
            EventSender events,
            Journal journal,
            SimTime time,
            StripeClock clock,
            StripeMemory memory) {
        this.settings = settings;
        this.events = events;
        this.journal = journal;
        this.time = time;
        this.clock = clock;
        this.memory = memory;
        this.feeDelayMillis = settings.feeDelayMillis();
        objects.putAll(memory.found(KIND));
        objects.values().stream()
                .filter(object ->
                        "checkout.session".equals(object.get("object")) && "open".equals(object.get("status")))
                .forEach(this::expireInTime);
    }

    private void expireInTime(Map<String, Object> session) {
        long left = Math.max(0, (Long) session.get("expires_at") - clock.now().getEpochSecond());
        time.after(Duration.ofSeconds(left), () -> expire(id(session)));
    }

    void feeDelay(long millis) {
        feeDelayMillis = millis;
    }

    synchronized Map<String, Object> createSession(Map<String, String> form, String pageBase) throws StripeError {
        if (!Bodies.required(form, "mode").equals("payment")) {
            throw StripeError.invalid("mode", "Must be payment or subscription.");
        }
        String item = "line_items[0]";
        String currency = Bodies.required(form, item + "[price_data][currency]");
        long amount =
                Bodies.number(form, item + "[price_data][unit_amount]") * Bodies.number(form, item + "[quantity]");
        if (amount < 50 || amount > 99_999_999) {
            throw new StripeError(
                    400, "invalid_request_error", "amount_too_small", item, "The amount must be 50 to 99999999.");
        }
        long now = clock.now().getEpochSecond();
        long expiresAt = expiry(form, now);
        Map<String, Object> session = Shapes.session(form, amount, currency, pageBase, now, expiresAt);
        keepSession(
                session,
                form.getOrDefault(item + "[price_data][product_data][name]", "Purchase"),
                Bodies.metadata(form, "payment_intent_data[metadata]"));
        return session;
    }

    long expiry(Map<String, String> form, long now) throws StripeError {
        long expiresAt = form.containsKey("expires_at") ? Bodies.number(form, "expires_at") : now + 86_400;
        if (expiresAt < now + SHORTEST.toSeconds() || expiresAt > now + LONGEST.toSeconds()) {
            throw StripeError.invalid("expires_at", "Must be between 30 minutes and 24 hours ahead.");
        }
        return expiresAt;
    }

    /**
     * Opens a session, until it expires.
     *
     * @param asked what is needed when it is paid
     */
    synchronized void keepSession(Map<String, Object> session, String title, Map<String, Object> asked) {
        String id = id(session);
        keep(session);
        hidden(session).put("asked", asked);
        hidden(session).put("title", title);
        journal.append(
                VENDOR,
                id,
                "session.created",
                Details.of("amount", session.get("amount_total"), "currency", session.get("currency")));
        expireInTime(session);
    }

    @SuppressWarnings("unchecked") // put there by keepSession
    synchronized Map<String, Object> asked(Map<String, Object> session) {
        return (Map<String, Object>) Objects.requireNonNull(hidden(session).get("asked"));
    }

    /** What is paid is another than what was asked for, or in another place. */
    synchronized Map<String, Object> alter(String sessionId, Map<String, Object> to) throws StripeError {
        Map<String, Object> session = find("checkout session", sessionId);
        session.putAll(to);
        return session;
    }

    void expire(String sessionId) {
        memory.all(() -> expireOpen(sessionId));
    }

    private synchronized void expireOpen(String sessionId) {
        Map<String, Object> session = objects.get(sessionId);
        if (session != null && "open".equals(session.get("status"))) {
            touch(session);
            session.put("status", "expired");
            journal.append(VENDOR, sessionId, "session.expired", Map.of());
            events.send("checkout.session.expired", shown(session));
        }
    }

    /** Answers whether the payer is done. */
    synchronized boolean pay(String sessionId, Way way) throws StripeError {
        Map<String, Object> session = find("checkout session", sessionId);
        if (!"open".equals(session.get("status"))) {
            throw StripeError.invalid("session", "The session is " + session.get("status") + ".");
        }
        Map<String, Object> payment = paymentOf(session);
        if (way == Way.DECLINED_CARD) {
            payment.put("status", "requires_payment_method");
            payment.put("last_payment_error", Map.of("type", "card_error", "code", "card_declined"));
            journal.append(VENDOR, id(payment), "payment.declined", Map.of("session", sessionId));
            events.send("payment_intent.payment_failed", shown(payment));
            return false;
        }
        session.put("status", "complete");
        if (way != Way.BANK_DEBIT) {
            succeed(session, payment);
        } else {
            payment.put("status", "processing");
            journal.append(VENDOR, id(payment), "payment.processing", Map.of("session", sessionId));
        }
        events.send("checkout.session.completed", shown(session));
        return true;
    }

    /** A bank debit arrives, or comes back. */
    synchronized void settleBankDebit(String sessionId, boolean arrives) throws StripeError {
        Map<String, Object> session = find("checkout session", sessionId);
        Map<String, Object> payment = paymentOf(session);
        if (!"processing".equals(payment.get("status"))) {
            throw StripeError.invalid("session", "Its payment is " + payment.get("status") + ".");
        }
        if (arrives) {
            succeed(session, payment);
        } else {
            payment.put("status", "requires_payment_method");
            journal.append(VENDOR, id(payment), "payment.failed", Map.of("session", sessionId));
        }
        events.send("checkout.session.async_payment_" + (arrives ? "succeeded" : "failed"), shown(session));
    }

    private Map<String, Object> paymentOf(Map<String, Object> session) {
        if (session.get("payment_intent") instanceof String known) {
            return touch(objects.get(known));
        }
        Map<String, Object> payment = Shapes.payment(session, asked(session), clock.now());
        keep(payment);
        session.put("payment_intent", payment.get("id"));
        return payment;
    }

    private void succeed(Map<String, Object> session, Map<String, Object> payment) {
        session.put("payment_status", "paid");
        take(payment, Details.of("session", session.get("id")));
        events.send("payment_intent.succeeded", shown(payment));
    }

    /**
     * Takes the money of a payment.
     *
     * @param about what the journal shall say of it
     */
    synchronized void take(Map<String, Object> payment, Map<String, Object> about) {
        long amount = (Long) payment.get("amount");
        Map<String, Object> money = transaction("charge", amount, Math.round(amount * 0.029) + 30);
        Map<String, Object> charge = Shapes.charge(payment, clock.now());
        keep(charge);
        money.put("source", charge.get("id"));
        hidden(charge).put("money", money.get("id"));
        hidden(charge).put("money_from", time.now().toEpochMilli() + feeDelayMillis);
        payment.put("latest_charge", charge.get("id"));
        payment.put("status", "succeeded");
        Map<String, Object> detail = new LinkedHashMap<>(about);
        detail.put("amount", amount);
        detail.put("fee", money.get("fee"));
        journal.append(VENDOR, id(payment), "payment.succeeded", detail);
    }

    /** Of one kind, oldest first. */
    synchronized Stream<Map<String, Object>> all(String kind) {
        return List.copyOf(objects.values()).stream().filter(object -> kind.equals(object.get("object")));
    }

    /** A change of the balance. */
    synchronized Map<String, Object> transaction(String type, long amount, long fee) {
        Map<String, Object> money = Shapes.transaction(type, amount, fee, clock.now());
        keep(money);
        return money;
    }

    synchronized Map<String, Object> find(String what, String id) throws StripeError {
        Map<String, Object> object = objects.get(id);
        if (object == null
                || !what.replace("checkout session", "checkout.session").equals(object.get("object"))) {
            throw StripeError.missing(what, id);
        }
        return touch(object);
    }

    /** It may change now. */
    Map<String, Object> touch(Map<String, Object> object) {
        memory.keep(KIND, id(object), () -> object);
        return object;
    }

    synchronized String title(Map<String, Object> session) {
        return String.valueOf(hidden(session).get("title"));
    }

    /** As the vendor shows it; {@code expand} names references to show in full, each step of a path after the last. */
    synchronized Map<String, Object> shown(Map<String, Object> object, String... expand) {
        Map<String, Object> copy = new LinkedHashMap<>(object);
        copy.remove("_hidden");
        copy.remove("_away");
        if ("charge".equals(object.get("object"))) {
            boolean known = time.now().toEpochMilli() >= (Long) hidden(object).get("money_from");
            copy.put("balance_transaction", known ? hidden(object).get("money") : null);
        }
        if ("invoice".equals(object.get("object")) && !List.of(expand).contains("payments")) {
            copy.remove("payments");
        }
        if (expand.length > 0 && copy.get(expand[0]) instanceof String reference && objects.containsKey(reference)) {
            String[] rest = java.util.Arrays.copyOfRange(expand, 1, expand.length);
            copy.put(expand[0], shown(objects.get(reference), rest));
        }
        return copy;
    }

    /** What the vendor knows of an object and does not show. */
    @SuppressWarnings("unchecked") // put there by this class
    static Map<String, Object> hidden(Map<String, Object> object) {
        return (Map<String, Object>) object.computeIfAbsent("_hidden", key -> new LinkedHashMap<String, Object>());
    }

    synchronized void keep(Map<String, Object> object) {
        if (objects.size() >= MAX_OBJECTS) {
            String oldest = objects.keySet().iterator().next();
            objects.remove(oldest);
            memory.keep(KIND, oldest, () -> null);
        }
        objects.put(id(object), touch(object));
    }

    static String id(Map<String, Object> object) {
        return String.valueOf(object.get("id"));
    }

    @Override
    public synchronized void reset() {
        objects.clear();
        feeDelayMillis = settings.feeDelayMillis();
    }
}
