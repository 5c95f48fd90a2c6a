package ai.callmeback.dev.chaos.money;

import ai.callmeback.dev.client.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Somebody with an account of their own who takes a plan. In the end it is cancelled: then nothing renews any more, and our
 * workflow has asked the vendor after everything that was paid.
 */
final class Subscriber {
    private static final List<String> PLANS = List.of("plan_casual", "plan_standard", "plan_power", "plan_pro");
    private static final int PERIOD_DAYS = 32;
    private static final Duration OPENED = Duration.ofMinutes(4);
    /** A lost webhook is made up for by looks 2 and 6 minutes after the checkout was opened. */
    private static final Duration MOVED = Duration.ofMinutes(9);

    private final ApiClient api;
    private final PaymentDesk desk;
    private final String key;

    /** @param key makes keys of this wish's own */
    Subscriber(ApiClient api, PaymentDesk desk, String key) {
        this.api = api;
        this.desk = desk;
        this.key = key;
    }

    void subscribe(Wish wish) throws IOException, InterruptedException {
        String id = ask("", Map.of("plan", wish.product()), key).path("id").asString();
        for (int again = 1; again < wish.asked(); again++) {
            String same =
                    ask("", Map.of("plan", wish.product()), key).path("id").asString();
            if (!same.equals(id)) {
                throw new IOException("the same request made another subscription: " + id + " and " + same);
            }
        }
        String url = Patience.until(
                "opened",
                OPENED,
                () -> Optional.of(subscription(id).path("checkoutUrl").asString(""))
                        .filter(Predicate.not(String::isEmpty)));
        String session = url.substring(url.lastIndexOf('/') + 1);
        String vendorId = desk.done("paid", "subscription.created", session, "/sessions/" + session + "/pay/CARD")
                .path("call")
                .asString();
        await("active", id, view -> view.path("status").asString().equals("active"));
        live(wish, id, vendorId);
        order(id, "/cancel", Map.of());
    }

    private void live(Wish wish, String id, String vendorId) throws IOException, InterruptedException {
        int plan = PLANS.indexOf(wish.product());
        switch (wish.fate()) {
            case RENEWED -> desk.turn(PERIOD_DAYS);
            case CHANGED -> {
                order(id, "/plan", Map.of("plan", PLANS.get(plan + 1)));
                desk.turn(PERIOD_DAYS);
            }
            case MADE_SMALLER -> {
                order(id, "/plan", Map.of("plan", PLANS.get(plan - 1)));
                desk.turn(PERIOD_DAYS);
            }
            case RENEWAL_DECLINED -> desk.missRenewal(vendorId);
            default -> {
                // It runs to its end.
            }
        }
    }

    /** A change, carried out: the same round of the workflow reads every invoice. */
    private void order(String id, String path, Map<String, Object> body) throws IOException, InterruptedException {
        ask("/" + id + path, body, key + path);
        String kind = path.equals("/plan") ? "change_plan" : "cancel";
        await(
                kind + " done",
                id,
                view -> view.at("/lastChange/kind").asString("").equals(kind)
                        && view.at("/lastChange/status").asString().equals("done"));
    }

    private JsonNode ask(String path, Map<String, Object> body, String key) throws IOException, InterruptedException {
        return Patience.until(
                "accepted",
                PaymentDesk.DONE,
                () -> Optional.of(
                        api.http().send("POST", "/api/subscriptions" + path, body, Map.of("Idempotency-Key", key))));
    }

    private void await(String what, String id, Predicate<JsonNode> condition) throws IOException, InterruptedException {
        Patience.until(what, MOVED, () -> Optional.of(subscription(id)).filter(condition));
    }

    private JsonNode subscription(String id) throws IOException, InterruptedException {
        return api.http().get("/api/subscriptions/" + id);
    }
}
