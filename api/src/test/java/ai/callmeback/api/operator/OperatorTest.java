package ai.callmeback.api.operator;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What operators see and switch. */
class OperatorTest extends ApiTest {

    @Test
    void aSwitchSaysSinceWhenAndWhy() {
        Person operator = operator();
        Instant before = Instant.now().minusSeconds(1);

        JsonNode off = charging(operator, Map.of("enabled", false, "reason", "  A wrong price.  "));

        assertThat(off.at("/enabled").asBoolean()).isFalse();
        assertThat(off.at("/reason").asString()).isEqualTo("A wrong price.");
        assertThat(Instant.parse(off.at("/changedAt").asString())).isAfter(before);
        assertThat(get(operator, "/api/operator/switches/charging")).isEqualTo(off);
        JsonNode all = get(operator, "/api/operator/switches").at("/switches");
        assertThat(all.valueStream().map(one -> one.at("/name").asString()))
                .containsExactly("answering", "charging", "dialing");
        assertThat(all.valueStream()).contains(off);
        assertThat(charging(operator, Map.of("enabled", true)).at("/reason").asString())
                .isEmpty();
    }

    @Test
    void theOverviewSaysWhatWaitsSinceWhenAndWhoIsThere() {
        Person operator = operator();
        String call = booked(operator);
        DB.execute("update calls set scheduled_for = '2020-01-01T00:00:00Z' where id = '" + call + "'");
        DB.execute("insert into money_cases (kind, subject, detail, opened_at) values ('paid_twice', 'payment " + call
                + "', 'x', '2020-01-02T00:00:00Z')");
        DB.execute("insert into finance_notices values ('" + call + "', '" + operator.id()
                + "', 's', 'b', now(), null, 10, 'given_up')");
        String worker = "w-" + UUID.randomUUID();
        DB.execute("insert into voice_workers values ('" + worker + "', 'ws://x', 'q', 7, 3, true, now(), now())");
        String dead = "w-" + UUID.randomUUID();
        DB.execute("insert into voice_workers values ('" + dead
                + "', 'ws://x', 'q', 7, 3, false, now(), now() - interval '6 seconds')");

        JsonNode seen = get(operator, "/api/operator/overview");

        assertThat(named(seen.at("/queues"), "late_calls").at("/since").asString())
                .isEqualTo("2020-01-01T00:00:00Z");
        assertThat(named(seen.at("/queues"), "open_cases").at("/since").asString())
                .isEqualTo("2020-01-02T00:00:00Z");
        assertThat(named(seen.at("/queues"), "mails_given_up").at("/waiting").asLong())
                .isPositive();
        assertThat(named(seen.at("/queues"), "payment_events").has("waiting")).isTrue();
        assertThat(seen.at("/calls").valueStream().map(one -> one.at("/status").asString()))
                .contains("scheduled");
        assertThat(named(seen.at("/voiceWorkers"), worker).at("/draining").asBoolean())
                .isTrue();
        assertThat(named(seen.at("/voiceWorkers"), worker).at("/alive").asBoolean())
                .isTrue();
        assertThat(named(seen.at("/voiceWorkers"), dead).at("/alive").asBoolean())
                .isFalse();
        DB.execute("delete from voice_workers where incarnation in ('" + worker + "', '" + dead + "')");
        DB.execute("update calls set scheduled_for = now() + interval '1 day' where id = '" + call + "'");
    }

    @Test
    void nobodyElseSeesIt() {
        Person person = newPerson();
        for (String path : new String[] {"/api/operator/overview", "/api/operator/switches"}) {
            assertThat(status(person, path)).isEqualTo(403);
            DB.execute("update users set role = 'finance' where id = '" + person.id() + "'");
            assertThat(status(person, path)).as("finance is no operator").isEqualTo(403);
        }
    }

    private Person operator() {
        Person person = newPerson();
        DB.execute("update users set role = 'operator' where id = '" + person.id() + "'");
        return person;
    }

    private String booked(Person person) {
        DB.execute("select ledger_grant('test:" + person.id() + "', '" + person.id()
                + "', 600, 'goodwill', 0, 100, null, now())");
        return Objects.requireNonNull(web.post()
                        .uri("/api/calls")
                        .header("Authorization", person.bearer())
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .bodyValue(Map.of("personaId", "brad_001"))
                        .exchange()
                        .expectStatus()
                        .isAccepted()
                        .expectBody(JsonNode.class)
                        .returnResult()
                        .getResponseBody())
                .at("/id")
                .asString();
    }

    private static JsonNode named(JsonNode list, String name) {
        return list.valueStream()
                .filter(one -> one.at("/name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode charging(Person operator, Map<String, Object> body) {
        return Objects.requireNonNull(web.put()
                .uri("/api/operator/switches/charging")
                .header("Authorization", operator.bearer())
                .bodyValue(body)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    }

    private JsonNode get(Person person, String path) {
        return Objects.requireNonNull(web.get()
                .uri(path)
                .header("Authorization", person.bearer())
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    }

    private int status(Person person, String path) {
        return web.get()
                .uri(path)
                .header("Authorization", person.bearer())
                .exchange()
                .returnResult(String.class)
                .getStatus()
                .value();
    }
}
