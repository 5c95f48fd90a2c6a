package ai.callmeback.api.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import ai.callmeback.db.ledger.GrantRequest;
import ai.callmeback.db.ledger.GrantSource;
import ai.callmeback.db.ledger.HoldRequest;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UserId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

/** Booking and reading calls while nothing answers at Temporal's address: a promise needs PostgreSQL alone. */
class CallTest extends ApiTest {
    @Autowired
    private Ledger ledger;

    @Test
    void bookingIsAcceptedWhileTemporalIsDown() {
        Person person = rich();

        JsonNode call =
                accepted(book(person, Map.of("personaId", "brad_001", "pretext", "My talk is tomorrow."), null));

        assertThat(call.at("/status").asString()).isEqualTo("scheduled");
        assertThat(call.at("/durationMinutes").asInt()).isEqualTo(5);
        assertThat(call.at("/phoneNumber").asString()).isEqualTo("+14155550123");
        assertThat(call.at("/actions").toString()).contains("cancel", "reschedule");
        String id = call.at("/id").asString();
        assertThat(DB.query("select 1 from call_outbox where call_id = '" + id + "'"))
                .hasSize(1);
    }

    @Test
    void sameKeySameRequestIsTheSameCallAndAnotherIsAConflict() {
        Person person = rich();
        String key = UUID.randomUUID().toString();
        Map<String, Object> body = Map.of("personaId", "sarah_001", "durationMinutes", 3);

        String first = accepted(book(person, body, key)).at("/id").asString();
        String second = accepted(book(person, body, key)).at("/id").asString();

        assertThat(second).isEqualTo(first);
        book(person, Map.of("personaId", "sarah_001", "durationMinutes", 10), key)
                .expectStatus()
                .isEqualTo(409)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("idempotency_conflict");
        assertThat(DB.query("select 1 from calls where user_id = '" + person.id() + "'"))
                .hasSize(1);
    }

    @Test
    void repeatIsAnsweredAlsoWhenTheCreditIsGone() {
        Person person = newPerson();
        grant(person, 5);
        String key = UUID.randomUUID().toString();
        Map<String, Object> body = Map.of("personaId", "sarah_001");
        String first = accepted(book(person, body, key)).at("/id").asString();
        ledger.hold(new HoldRequest(
                        UUID.randomUUID(),
                        UserId.parse(person.id()),
                        Credits.ofMinutes(5),
                        "test:another",
                        Instant.now().plusSeconds(3600)))
                .block();

        assertThat(accepted(book(person, body, key)).at("/id").asString()).isEqualTo(first);
        book(person, body, UUID.randomUUID().toString()).expectStatus().isEqualTo(402);
    }

    @Test
    void scheduledCallKeepsItsWallClockAndZone() {
        Person person = rich();
        String local = inDays(3);

        JsonNode call = accepted(book(
                person,
                Map.of(
                        "personaId",
                        "alex_001",
                        "scheduledFor",
                        local,
                        "timeZone",
                        "Europe/Paris",
                        "phoneNumber",
                        "(415) 555-0199"),
                null));

        assertThat(call.at("/localTime").asString()).isEqualTo(local);
        assertThat(call.at("/timeZone").asString()).isEqualTo("Europe/Paris");
        assertThat(call.at("/immediate").asBoolean()).isFalse();
        assertThat(call.at("/phoneNumber").asString()).isEqualTo("+14155550199");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "personaId | nobody_001 | unknown_persona",
                "personaId | 'Not an id!' | unknown_persona",
                "phoneNumber | 12 | invalid_number",
                "phoneNumber | hello | invalid_number",
                "phoneNumber | +8613800138000 | country_not_allowed",
                "scheduledFor | tomorrow | invalid_local_time",
                "scheduledFor | 2030-01-01T07:00:00Z | invalid_local_time",
                "scheduledFor | 2020-01-01T07:00 | past_time",
                "scheduledFor | 2090-01-01T07:00 | too_far_ahead",
                "timeZone | Mars/Olympus | unknown_time_zone",
                "timeZone | +02:00 | unknown_time_zone",
            })
    void wrongTextIsNamedByFieldAndCode(String field, String value, String code) {
        Person person = rich();
        Map<String, Object> body = new HashMap<>(Map.of("personaId", "brad_001"));
        if (field.equals("scheduledFor")) {
            body.put("timeZone", "Europe/Paris");
        }
        if (field.equals("timeZone")) {
            body.put("scheduledFor", inDays(3));
        }
        body.put(field, value);

        book(person, body, null)
                .expectStatus()
                .isBadRequest()
                .expectHeader()
                .contentType("application/problem+json")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo(code)
                .jsonPath("$.field")
                .isEqualTo(field);
        nothingStored(person);
    }

    @Test
    void wrongNumbersAndTextsAreRefusedWithTheirBound() {
        Person person = rich();

        book(person, Map.of("personaId", "brad_001", "durationMinutes", 4), null)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("invalid_duration")
                .jsonPath("$.bound.length()")
                .isEqualTo(4);
        book(person, Map.of("personaId", "brad_001", "pretext", "x".repeat(2001)), null)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("pretext_too_long")
                .jsonPath("$.bound")
                .isEqualTo(2000);
        book(person, Map.of("personaId", "brad_001", "callbackPolicy", Map.of("maxAttempts", 99)), null)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("invalid_callback_policy")
                .jsonPath("$.field")
                .isEqualTo("callbackPolicy.maxAttempts")
                .jsonPath("$.bound[1]")
                .isEqualTo(5);
        book(person, Map.of("personaId", "brad_001", "personna", "x"), null)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("field_unknown")
                .jsonPath("$.field")
                .isEqualTo("personna");
        book(person, Map.of("personaId", "brad_001", "durationMinutes", "five"), null)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("field_type_wrong")
                .jsonPath("$.field")
                .isEqualTo("durationMinutes");
        nothingStored(person);
    }

    @Test
    void malformedMissingAndHugeBodiesAreProblems() {
        Person person = rich();

        raw(person, "{\"personaId\": ")
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("malformed_json");
        raw(person, "[]")
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("malformed_json");
        raw(person, "")
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("body_required");
        raw(person, "{\"pretext\":\"" + "x".repeat(300_000) + "\"}")
                .expectStatus()
                .isEqualTo(413)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("body_too_large")
                .jsonPath("$.bound")
                .isEqualTo(131_072);
        web.post()
                .uri("/api/calls")
                .header("Authorization", person.bearer())
                .header("Content-Type", "text/plain")
                .bodyValue("hi")
                .exchange()
                .expectStatus()
                .isEqualTo(415)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("unsupported_media_type");
    }

    @Test
    void noCreditNoCall() {
        Person person = newPerson();

        book(person, Map.of("personaId", "brad_001", "durationMinutes", 10), null)
                .expectStatus()
                .isEqualTo(402)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("insufficient_credit")
                .jsonPath("$.bound")
                .isEqualTo(0);
        nothingStored(person);
    }

    @Test
    void listIsPaged() {
        Person person = rich();
        for (int i = 0; i < 5; i++) {
            book(person, Map.of("personaId", "brad_001", "pretext", "n" + i), null)
                    .expectStatus()
                    .isAccepted();
        }

        JsonNode first = get(person, "/api/calls?limit=2");
        JsonNode second = get(
                person, "/api/calls?limit=2&cursor=" + first.at("/nextCursor").asString());
        JsonNode third = get(
                person, "/api/calls?limit=2&cursor=" + second.at("/nextCursor").asString());

        assertThat(first.at("/calls/0/pretext").asString()).isEqualTo("n4");
        assertThat(third.at("/calls/0/pretext").asString()).isEqualTo("n0");
        assertThat(third.has("nextCursor")).isFalse();
    }

    /** Temporal's absence: what can be kept in PostgreSQL is, the rest says when to come back. */
    @Test
    void cancelIsDurableAndRescheduleSaysWhenToComeBackWhileTemporalIsDown() {
        Person person = rich();
        String id = accepted(book(
                        person, Map.of("personaId", "brad_001", "scheduledFor", inDays(3), "timeZone", "UTC"), null))
                .at("/id")
                .asString();

        web.post()
                .uri("/api/calls/{id}/reschedule", id)
                .header("Authorization", person.bearer())
                .bodyValue(Map.of("scheduledFor", inDays(4), "timeZone", "UTC"))
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .exists("Retry-After")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("workflow_unavailable");
        web.post()
                .uri("/api/calls/{id}/cancel", id)
                .header("Authorization", person.bearer())
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("canceled")
                .jsonPath("$.terminal")
                .isEqualTo(true);
        web.post()
                .uri("/api/calls/{id}/cancel", id)
                .header("Authorization", person.bearer())
                .exchange()
                .expectStatus()
                .isOk();
        web.post()
                .uri("/api/calls/{id}/hang-up", id)
                .header("Authorization", person.bearer())
                .exchange()
                .expectStatus()
                .isEqualTo(409)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("call_state_conflict");
    }

    @Test
    void demoUserHasHundredCredits() {
        JsonNode session = post("/api/auth/login", Map.of("email", "demo@callmeback.ai", "password", "demo123"));
        Person demo = new Person(
                session.at("/user/id").asString(),
                "demo@callmeback.ai",
                session.at("/token").asString());

        JsonNode credits = get(demo, "/api/credits");

        assertThat(credits.at("/availableSeconds").asLong()).isEqualTo(6000);
        assertThat(credits.at("/availableMinutes").asDouble()).isEqualTo(100.0);
        JsonNode lines = get(demo, "/api/credits/lines");
        assertThat(lines.at("/lines/0/availableSeconds").asLong()).isEqualTo(6000);
        assertThat(get(demo, "/api/operator/ledger/audit").at("/ok").asBoolean())
                .isTrue();
    }

    @Test
    void operatorsAloneSwitchDialling() {
        Person person = newPerson();

        web.get()
                .uri("/api/operator/ledger/audit")
                .header("Authorization", person.bearer())
                .exchange()
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("not_allowed");
        web.put()
                .uri("/api/operator/switches/dialing")
                .header("Authorization", person.bearer())
                .bodyValue(Map.of("enabled", false))
                .exchange()
                .expectStatus()
                .isForbidden();
        DB.execute("update users set role = 'operator' where id = '" + person.id() + "'");
        web.put()
                .uri("/api/operator/switches/dialing")
                .header("Authorization", person.bearer())
                .bodyValue(Map.of("enabled", false, "reason", "test"))
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.enabled")
                .isEqualTo(false);
        web.put()
                .uri("/api/operator/switches/dialing")
                .header("Authorization", person.bearer())
                .bodyValue(Map.of("enabled", true))
                .exchange()
                .expectStatus()
                .isOk();
    }

    private Person rich() {
        Person person = newPerson();
        grant(person, 60);
        return person;
    }

    private void grant(Person person, int minutes) {
        ledger.grant(GrantRequest.free(
                        "test:" + person.id(),
                        UserId.parse(person.id()),
                        Credits.ofMinutes(minutes),
                        GrantSource.TRIAL))
                .block();
    }

    private ResponseSpec book(Person person, Map<String, ?> body, String key) {
        var request = web.post().uri("/api/calls").header("Authorization", person.bearer());
        if (key != null) {
            request = request.header("Idempotency-Key", key);
        }
        return request.bodyValue(body).exchange();
    }

    private ResponseSpec raw(Person person, String body) {
        return web.post()
                .uri("/api/calls")
                .header("Authorization", person.bearer())
                .header("Content-Type", "application/json")
                .bodyValue(body)
                .exchange();
    }

    private static JsonNode accepted(ResponseSpec response) {
        return response.expectStatus()
                .isAccepted()
                .expectHeader()
                .exists("Location")
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody();
    }

    private JsonNode get(Person person, String uri) {
        return web.get()
                .uri(uri)
                .header("Authorization", person.bearer())
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody();
    }

    /** A local time to book, some days from now. */
    private static String inDays(int days) {
        return LocalDate.now(ZoneOffset.UTC).plusDays(days).atTime(7, 0).toString();
    }

    private static void nothingStored(Person person) {
        assertThat(DB.query("select 1 from calls where user_id = '" + person.id() + "'"))
                .isEmpty();
    }
}
