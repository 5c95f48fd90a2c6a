package ai.callmeback.dev.chaos.money;

import ai.callmeback.dev.client.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Somebody with an account of their own whose packs are bought by themselves, with a saved card. */
final class Topper {
    private static final Duration OPENED = Duration.ofMinutes(4);
    private static final Duration BOUGHT = Duration.ofMinutes(9);
    private static final int CAP_USD = 60;

    private final ApiClient api;
    private final PaymentDesk desk;

    Topper(ApiClient api, PaymentDesk desk) {
        this.api = api;
        this.desk = desk;
    }

    void topUp(Wish wish) throws IOException, InterruptedException {
        boolean refused = wish.fate() == Fate.CARD_REFUSED;
        for (int i = 0; i < wish.asked(); i++) {
            consent(25);
        }
        String url = Patience.until(
                "opened",
                OPENED,
                () -> Optional.of(topUp().path("cardSetupUrl").asString("")).filter(Predicate.not(String::isEmpty)));
        String session = url.substring(url.lastIndexOf('/') + 1);
        String card = desk.done(
                        "saved",
                        "card.saved",
                        session,
                        "/sessions/" + session + "/pay/" + (refused ? "DECLINED_LATER" : "CARD"))
                .at("/detail/payment_method")
                .asString();
        if (refused) {
            await("stopped", view -> view.path("status").asString().equals("needs_attention"));
            desk.say("good", "/payment-methods/" + card + "/GOOD", Map.of());
            consent(25);
        }
        // Nothing is there, so the first pack is bought at once, and makes the threshold.
        bought(25);
        if (wish.fate() == Fate.TOPPED_UP_TWICE) {
            consent(50);
            bought(25 + 50);
        }
        Patience.until(
                "off",
                PaymentDesk.DONE,
                () -> Optional.of(api.http().delete("/api/auto-topup"))
                        .filter(view -> view.path("status").asString().equals("off")));
        Patience.until("detached", BOUGHT, () -> desk.entry("card.detached", card));
    }

    /** A pack of so many minutes when fewer are there. */
    private void consent(int minutes) throws IOException, InterruptedException {
        Map<String, Object> choice = Map.of(
                "product", "pack_" + minutes, "thresholdMinutes", minutes, "monthlyCapUsd", CAP_USD, "consent", true);
        Patience.until(
                "consented", PaymentDesk.DONE, () -> Optional.of(api.http().put("/api/auto-topup", choice)));
    }

    private void bought(int minutes) throws IOException, InterruptedException {
        await("bought", view -> view.at("/last/status").asString("").equals("completed"));
        Patience.until(
                "credited",
                BOUGHT,
                () -> Optional.of(api.http()
                                .get("/api/credits")
                                .path("availableSeconds")
                                .asLong())
                        .filter(seconds -> seconds == 60L * minutes));
    }

    private void await(String what, Predicate<JsonNode> condition) throws IOException, InterruptedException {
        Patience.until(what, BOUGHT, () -> Optional.of(topUp()).filter(condition));
    }

    private JsonNode topUp() throws IOException, InterruptedException {
        return api.http().get("/api/auto-topup");
    }
}
