package ai.callmeback.simulators.stripe;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Journal;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Cards that people save, and payments with them while they are away: prepared, confirmed once, cancelled. Locked by the {@link
 * Account}, whose objects they move. What a card does when its owner is away was chosen when it was saved, and can be changed.
 */
@Component
class SavedCards {
    private static final String VENDOR = "stripe";
    private static final long LEAST_CENTS = 50;
    private static final long MOST_CENTS = 99_999_999;

    private final Account account;
    private final Subscriptions subscriptions;
    private final EventSender events;
    private final Journal journal;
    private final StripeClock clock;

    SavedCards(Account account, Subscriptions subscriptions, EventSender events, Journal journal, StripeClock clock) {
        this.account = account;
        this.subscriptions = subscriptions;
        this.events = events;
        this.journal = journal;
        this.clock = clock;
    }

    /** What a card does when its owner is away. */
    enum Away {
        GOOD,
        DECLINED,
        AUTHENTICATION_REQUIRED
    }

    Map<String, Object> createSession(Map<String, String> form, String pageBase) throws StripeError {
        synchronized (account) {
            String customer = form.get("customer");
            if (customer != null) {
                account.find("customer", customer);
            }
            long now = clock.now().getEpochSecond();
            Map<String, Object> session = CardShapes.session(form, pageBase, now, account.expiry(form, now), customer);
            account.keepSession(session, "Save a card", Map.of());
            return session;
        }
    }

    /** What a payer does at a checkout of any mode; answers whether the payer is done. */
    boolean pay(String sessionId, Way way) throws StripeError {
        synchronized (account) {
            Map<String, Object> session = account.find("checkout session", sessionId);
            if (!"setup".equals(session.get("mode"))) {
                return subscriptions.pay(sessionId, way);
            }
            if (!"open".equals(session.get("status"))) {
                throw StripeError.invalid("session", "The session is " + session.get("status") + ".");
            }
            switch (way) {
                case DECLINED_CARD -> {
                    journal.append(VENDOR, sessionId, "setup.declined", Map.of());
                    return false;
                }
                case BANK_DEBIT -> throw StripeError.invalid("session", "Cards are saved here.");
                case CARD -> save(session, Away.GOOD);
                case DECLINED_LATER -> save(session, Away.DECLINED);
                case ASKED_LATER -> save(session, Away.AUTHENTICATION_REQUIRED);
            }
            return true;
        }
    }

    private void save(Map<String, Object> session, Away away) {
        if (session.get("customer") == null) {
            Map<String, Object> customer = CardShapes.customer(clock.now());
            account.keep(customer);
            session.put("customer", customer.get("id"));
        }
        Map<String, Object> method = CardShapes.method(String.valueOf(session.get("customer")), away, clock.now());
        account.keep(method);
        Map<String, Object> setup = CardShapes.setup(method, clock.now());
        account.keep(setup);
        session.put("setup_intent", setup.get("id"));
        session.put("status", "complete");
        journal.append(
                VENDOR,
                String.valueOf(session.get("id")),
                "card.saved",
                Details.of("payment_method", method.get("id"), "away", away));
        events.send("setup_intent.succeeded", account.shown(setup));
        events.send("checkout.session.completed", account.shown(session));
    }

    /** From now on. */
    void behave(String methodId, Away away) throws StripeError {
        synchronized (account) {
            account.find("payment_method", methodId).put("_away", away.name());
        }
    }

    /** Takes a card off its customer, for good. */
    Map<String, Object> detach(String methodId) throws StripeError {
        synchronized (account) {
            Map<String, Object> method = account.find("payment_method", methodId);
            if (method.get("customer") == null) {
                throw StripeError.invalid(
                        "payment_method",
                        "The payment method you provided is not attached to a customer so detachment is impossible.");
            }
            method.put("customer", null);
            journal.append(VENDOR, methodId, "card.detached", Map.of());
            events.send("payment_method.detached", account.shown(method));
            return account.shown(method);
        }
    }

    Map<String, Object> prepare(Map<String, String> form) throws StripeError {
        synchronized (account) {
            long amount = Bodies.number(form, "amount");
            if (amount < LEAST_CENTS || amount > MOST_CENTS) {
                throw new StripeError(
                        400,
                        "invalid_request_error",
                        "amount_too_small",
                        "amount",
                        "The amount must be " + LEAST_CENTS + " to " + MOST_CENTS + ".");
            }
            String method = form.get("payment_method");
            String customer = form.get("customer");
            if (method != null
                    && !Objects.equals(account.find("payment_method", method).get("customer"), customer)) {
                throw StripeError.invalid("payment_method", "The PaymentMethod does not belong to the Customer.");
            }
            Map<String, Object> payment = CardShapes.payment(
                    amount,
                    Bodies.required(form, "currency"),
                    customer,
                    method,
                    Bodies.metadata(form, "metadata"),
                    clock.now());
            account.keep(payment);
            journal.append(VENDOR, id(payment), "payment.prepared", Details.of("amount", amount));
            return "true".equals(form.get("confirm")) ? confirm(id(payment), form) : account.shown(payment);
        }
    }

    /** Takes the money, once. */
    Map<String, Object> confirm(String paymentId, Map<String, String> form) throws StripeError {
        synchronized (account) {
            Map<String, Object> payment = account.find("payment_intent", paymentId);
            if (!"requires_confirmation".equals(payment.get("status"))) {
                throw unexpected(payment, "confirmed");
            }
            Map<String, Object> method = account.find("payment_method", String.valueOf(payment.get("payment_method")));
            if (!Objects.equals(method.get("customer"), payment.get("customer"))) {
                throw StripeError.invalid("payment_method", "The PaymentMethod does not belong to the Customer.");
            }
            Away away = "true".equals(form.get("off_session"))
                    ? Away.valueOf(String.valueOf(method.get("_away")))
                    : Away.GOOD;
            switch (away) {
                case GOOD -> {
                    account.take(payment, Details.of("payment_method", method.get("id")));
                    events.send("payment_intent.succeeded", account.shown(payment));
                }
                case DECLINED -> refuse(payment, "card_declined", "generic_decline");
                case AUTHENTICATION_REQUIRED -> refuse(payment, "authentication_required", "authentication_required");
            }
            return account.shown(payment);
        }
    }

    private void refuse(Map<String, Object> payment, String code, @Nullable String decline) throws StripeError {
        payment.put("status", "requires_payment_method");
        payment.put(
                "last_payment_error",
                Details.of("type", "card_error", "code", code, "decline_code", decline, "message", "Not accepted."));
        journal.append(VENDOR, id(payment), "payment.declined", Details.of("code", code));
        events.send("payment_intent.payment_failed", account.shown(payment));
        throw StripeError.card(code, decline, account.shown(payment));
    }

    Map<String, Object> cancel(String paymentId) throws StripeError {
        synchronized (account) {
            Map<String, Object> payment = account.find("payment_intent", paymentId);
            if (!String.valueOf(payment.get("status")).startsWith("requires_")) {
                throw unexpected(payment, "canceled");
            }
            payment.put("status", "canceled");
            payment.put("canceled_at", clock.now().getEpochSecond());
            journal.append(VENDOR, paymentId, "payment.canceled", Map.of());
            events.send("payment_intent.canceled", account.shown(payment));
            return account.shown(payment);
        }
    }

    private static StripeError unexpected(Map<String, Object> payment, String what) {
        return new StripeError(
                400,
                "invalid_request_error",
                "payment_intent_unexpected_state",
                null,
                "This PaymentIntent could not be " + what + " because it has a status of " + payment.get("status")
                        + ".");
    }

    private static String id(Map<String, Object> object) {
        return String.valueOf(object.get("id"));
    }
}
