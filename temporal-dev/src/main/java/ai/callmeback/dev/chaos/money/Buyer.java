package ai.callmeback.dev.chaos.money;

import ai.callmeback.dev.client.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Carries a wish through to its end, whoever dies meanwhile: asks again as a browser, a payer or a bank would. */
final class Buyer {
    private static final Duration ACCEPTED = PaymentDesk.DONE;
    private static final Duration OPENED = Duration.ofMinutes(4);
    /** A lost webhook is made up for by looks 2 and 6 minutes after the checkout was opened. */
    private static final Duration MOVED = Duration.ofMinutes(9);

    private final ApiClient api;
    private final PaymentDesk desk;
    private final String run;

    /** @param run makes keys of this run's own */
    Buyer(ApiClient api, PaymentDesk desk, String run) {
        this.api = api;
        this.desk = desk;
        this.run = run;
    }

    void buy(Wish wish) throws IOException, InterruptedException {
        String id = ask(wish);
        for (int again = 1; again < wish.asked(); again++) {
            String same = ask(wish);
            if (!same.equals(id)) {
                throw new IOException("the same request made another purchase: " + id + " and " + same);
            }
        }
        String session = Patience.until("opened", OPENED, () -> {
            String url = purchase(id).path("checkoutUrl").asString("");
            return url.isEmpty() ? Optional.empty() : Optional.of(url.substring(url.lastIndexOf('/') + 1));
        });
        pay(wish.fate(), session);
        if (wish.fate() == Fate.REFUNDED_AT_ONCE) {
            refund(payment(session), 100);
        }
        Patience.until(
                wish.fate().status(),
                MOVED,
                () -> purchase(id).path("status").asString().equals(wish.fate().status())
                        ? Optional.of(id)
                        : Optional.empty());
        afterwards(wish, id, session);
    }

    private String ask(Wish wish) throws IOException, InterruptedException {
        Map<String, Object> request = Map.of("product", wish.product(), "quantity", wish.quantity());
        Map<String, String> key = Map.of("Idempotency-Key", run + "-" + wish.number());
        return Patience.until(
                "accepted",
                ACCEPTED,
                () -> Optional.of(api.http()
                        .send("POST", "/api/purchases", request, key)
                        .path("id")
                        .asString()));
    }

    private JsonNode purchase(String id) throws IOException, InterruptedException {
        return api.http().get("/api/purchases/" + id);
    }

    private void pay(Fate fate, String session) throws IOException, InterruptedException {
        String page = "/sessions/" + session;
        switch (fate) {
            case ABANDONED -> desk.done("expired", "session.expired", session, page + "/expire");
            case DEBIT_ARRIVES, DEBIT_RETURNS -> {
                desk.done("processing", "payment.processing", session, page + "/pay/BANK_DEBIT");
                boolean arrives = fate == Fate.DEBIT_ARRIVES;
                desk.done(
                        "settled",
                        arrives ? "payment.succeeded" : "payment.failed",
                        session,
                        page + "/bank-debit/" + (arrives ? "arrives" : "returns"));
            }
            case DECLINED_THEN_PAID -> {
                desk.done("declined", "payment.declined", session, page + "/pay/DECLINED_CARD");
                desk.done("paid", "payment.succeeded", session, page + "/pay/CARD");
            }
            default -> desk.done("paid", "payment.succeeded", session, page + "/pay/CARD");
        }
    }

    private String payment(String session) throws IOException, InterruptedException {
        return Patience.until(
                "paid",
                ACCEPTED,
                () -> desk.entry("payment.succeeded", session)
                        .map(entry -> entry.path("call").asString()));
    }

    private String refund(String payment, long cents) throws IOException, InterruptedException {
        return desk.done(
                        "refunded",
                        "refund.created",
                        payment,
                        "/payments/" + payment + "/refund",
                        Map.of("amount", cents))
                .at("/detail/refund")
                .asString();
    }

    private void afterwards(Wish wish, String id, String session) throws IOException, InterruptedException {
        switch (wish.fate()) {
            case REFUNDED -> refund(payment(session), 150);
            case REFUND_FAILED -> {
                String refund = refund(payment(session), 250);
                desk.done("failed", "refund.failed", payment(session), "/refunds/" + refund + "/fail");
            }
            case REFUND_ORDERED -> order(wish, id);
            case DISPUTE_LOST, DISPUTE_WON ->
                dispute(payment(session), wish.fate() == Fate.DISPUTE_WON ? "won" : "lost");
            default -> {
                // Nothing more happens to it.
            }
        }
    }

    private void order(Wish wish, String id) throws IOException, InterruptedException {
        Map<String, Object> order = new HashMap<>(Map.of("note", "Asked for by the person."));
        Map<String, String> key = Map.of("Idempotency-Key", run + "-refund-" + wish.number());
        for (int i = 0; i < wish.asked(); i++) {
            Patience.until(
                    "ordered",
                    ACCEPTED,
                    () -> Optional.of(
                            api.http().send("POST", "/api/finance/purchases/" + id + "/refunds", order, key)));
        }
    }

    private void dispute(String payment, String how) throws IOException, InterruptedException {
        String dispute = desk.done("disputed", "dispute.created", payment, "/payments/" + payment + "/dispute")
                .at("/detail/dispute")
                .asString();
        desk.done(how, "dispute." + how, payment, "/disputes/" + dispute + "/" + how);
    }
}
