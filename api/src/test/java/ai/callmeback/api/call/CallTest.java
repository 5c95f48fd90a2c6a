package ai.callmeback.api.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.ledger.HoldRequest;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UserId;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Booking and reading calls while nothing answers at Temporal's address: a promise needs PostgreSQL alone. */
class CallTest extends CallApi {
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
}
