package ai.callmeback.api.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

/** Subscriptions by HTTP; what the payment vendor would say is written into the database. */
class SubscriptionTest extends ApiTest {

    @Test
    void aWishIsKeptOnceAndIsItsOwnersAlone() {
        Person person = newPerson();
        Map<String, Object> wish = Map.of("plan", "plan_standard");

        JsonNode first = body(post(person, "", "k1", wish).expectStatus().isAccepted());
        JsonNode again = body(post(person, "", "k1", wish).expectStatus().isAccepted());

        assertThat(again.at("/id")).isEqualTo(first.at("/id"));
        assertThat(first.at("/status").asString()).isEqualTo("new");
        assertThat(first.at("/title").asString()).isEqualTo("Standard");
        refused(post(person, "", "k1", Map.of("plan", "plan_pro")), HttpStatus.CONFLICT, "idempotency_conflict");
        refused(post(person, "", "k2", Map.of("plan", "gold")), HttpStatus.BAD_REQUEST, "unknown_product");
        refused(post(person, "", "k2", Map.of("plan", "a\0b")), HttpStatus.BAD_REQUEST, "unknown_product");
        refused(post(person, "", "k2", Map.of("plan", "pack_25")), HttpStatus.BAD_REQUEST, "not_a_plan");
        refused(post(person, "", "k2", Map.of()), HttpStatus.BAD_REQUEST, "field_required");
        refused(post(person, "", null, wish), HttpStatus.BAD_REQUEST, "idempotency_key_invalid");
        String path = "/" + first.at("/id").asString();
        refused(post(newPerson(), path + "/cancel", "k", Map.of()), HttpStatus.NOT_FOUND, "not_found");
        refused(post(person, path + "/cancel", "k", Map.of()), HttpStatus.CONFLICT, "subscription_state_conflict");
        web.get().uri("/api/subscriptions").exchange().expectStatus().isUnauthorized();
    }

    @Test
    void aRunningOneShowsItsPeriodAndTakesChanges() {
        Person person = newPerson();
        String id = running(person, "plan_standard", 3_600, 10);

        JsonNode view = get(person, "/" + id);
        assertThat(view.at("/status").asString()).isEqualTo("active");
        assertThat(view.at("/period/callsLimit").asInt()).isEqualTo(10);
        assertThat(view.at("/period/secondsLeft").asInt()).isEqualTo(3_600);
        assertThat(view.at("/period/furtherCallUsd").decimalValue()).isEqualByComparingTo("4.99");
        assertThat(view.at("/entitlements/documents").asInt()).isEqualTo(5);
        assertThat(view.at("/paid/0/amountUsd").decimalValue()).isEqualByComparingTo("29.99");

        refused(post(person, "", "k9", Map.of("plan", "plan_pro")), HttpStatus.CONFLICT, "subscription_exists");
        refused(
                post(person, "/" + id + "/plan", "c0", Map.of("plan", "plan_standard")),
                HttpStatus.CONFLICT,
                "same_plan");
        JsonNode changed = body(post(person, "/" + id + "/plan", "c1", Map.of("plan", "plan_power"))
                .expectStatus()
                .isAccepted());
        assertThat(changed.at("/lastChange/kind").asString()).isEqualTo("change_plan");
        assertThat(changed.at("/lastChange/status").asString()).isEqualTo("ordered");
        post(person, "/" + id + "/cancel", "c2", Map.of()).expectStatus().isAccepted();
        assertThat(get(person, "").at("/subscriptions").size()).isEqualTo(1);
    }

    @Test
    void byFairUseMinutesAreNotShownAndACallTooManyIsRefused() {
        Person person = newPerson();
        String id = running(person, "plan_pro", 90_000, 0);

        JsonNode view = get(person, "/" + id);
        assertThat(view.at("/period/secondsLeft").isMissingNode()).isTrue();
        assertThat(view.at("/period/nearlyUsedUp").asBoolean()).isTrue();

        JsonNode problem = body(web.post()
                .uri("/api/calls")
                .header("Authorization", person.bearer())
                .bodyValue(Map.of("personaId", "sarah_001", "durationMinutes", 5))
                .exchange());
        assertThat(problem.toString()).contains("fair_use_exceeded").contains("call_5");
    }

    private String running(Person person, String plan, long seconds, long calls) {
        String id = body(post(person, "", UUID.randomUUID().toString(), Map.of("plan", plan)))
                .at("/id")
                .asString();
        DB.execute("update subscriptions set status = 'ACTIVE', vendor_subscription = 'sub_" + id + "' where id = '"
                + id + "'");
        DB.execute("select subscription_credit('" + id + "', 'in_" + id + "', 'create', '" + plan
                + "', now() - interval '1 hour', now() + interval '30 days', " + seconds + ", " + calls
                + ", (select price_micros from products where code = '" + plan + "'), 'pi_" + id + "', now())");
        return id;
    }

    private JsonNode get(Person person, String path) {
        return body(web.get()
                .uri("/api/subscriptions" + path)
                .header("Authorization", person.bearer())
                .exchange()
                .expectStatus()
                .isOk());
    }

    private ResponseSpec post(Person person, String path, @Nullable String key, Object wish) {
        return web.post()
                .uri("/api/subscriptions" + path)
                .headers(headers -> {
                    headers.set("Authorization", person.bearer());
                    if (key != null) {
                        headers.set("Idempotency-Key", key);
                    }
                })
                .bodyValue(wish)
                .exchange();
    }

    private static void refused(ResponseSpec response, HttpStatus status, String code) {
        assertThat(body(response.expectStatus().isEqualTo(status)).toString()).contains(code);
    }

    private static JsonNode body(ResponseSpec response) {
        return Objects.requireNonNull(
                response.expectBody(JsonNode.class).returnResult().getResponseBody());
    }
}
