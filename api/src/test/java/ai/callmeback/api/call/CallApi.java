package ai.callmeback.api.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import ai.callmeback.db.ledger.GrantRequest;
import ai.callmeback.db.ledger.GrantSource;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UserId;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

/** What tests of calls do all the time: people with credit, who book. */
abstract class CallApi extends ApiTest {
    @Autowired
    Ledger ledger;

    Person rich() {
        Person person = newPerson();
        grant(person, 60);
        return person;
    }

    void grant(Person person, int minutes) {
        ledger.grant(GrantRequest.free(
                        "test:" + person.id(),
                        UserId.parse(person.id()),
                        Credits.ofMinutes(minutes),
                        GrantSource.TRIAL))
                .block();
    }

    ResponseSpec book(Person person, Map<String, ?> body, String key) {
        var request = web.post().uri("/api/calls").header("Authorization", person.bearer());
        if (key != null) {
            request = request.header("Idempotency-Key", key);
        }
        return request.bodyValue(body).exchange();
    }

    ResponseSpec raw(Person person, String body) {
        return web.post()
                .uri("/api/calls")
                .header("Authorization", person.bearer())
                .header("Content-Type", "application/json")
                .bodyValue(body)
                .exchange();
    }

    static JsonNode accepted(ResponseSpec response) {
        return response.expectStatus()
                .isAccepted()
                .expectHeader()
                .exists("Location")
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody();
    }

    JsonNode get(Person person, String uri) {
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
    static String inDays(int days) {
        return LocalDate.now(ZoneOffset.UTC).plusDays(days).atTime(7, 0).toString();
    }

    static void nothingStored(Person person) {
        assertThat(DB.query("select 1 from calls where user_id = '" + person.id() + "'"))
                .isEmpty();
    }
}
