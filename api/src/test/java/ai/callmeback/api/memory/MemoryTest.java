package ai.callmeback.api.memory;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

class MemoryTest extends ApiTest {
    @Test
    void aUserSeesAndDeletesItsOwnMemoriesOnly() {
        Person ann = newPerson();
        Person eve = newPerson();
        String dog = remembered(ann, "Her dog is called Pepper.");
        remembered(ann, "She rows at dawn.");
        JsonNode seen = list(ann);
        assertThat(seen).hasSize(2);
        assertThat(seen.toString()).contains("Her dog is called Pepper.", "She rows at dawn.");
        assertThat(seen.get(0).at("/personaId").asString()).isEqualTo("brad_001");

        assertThat(list(eve)).isEmpty();
        delete(eve, "/" + dog).expectStatus().isNotFound();
        delete(eve, "").expectStatus().isNoContent();
        assertThat(list(ann)).hasSize(2);

        delete(ann, "/" + dog).expectStatus().isNoContent();
        delete(ann, "/" + dog).expectStatus().isNotFound();
        delete(ann, "/no-id").expectStatus().isNotFound();
        assertThat(list(ann)).hasSize(1);
        delete(ann, "").expectStatus().isNoContent();
        delete(ann, "").expectStatus().isNoContent();
        assertThat(list(ann)).isEmpty();
        web.get().uri("/api/memories").exchange().expectStatus().isUnauthorized();
    }

    private String remembered(Person person, String words) {
        UUID call = UUID.randomUUID();
        UUID id = UUID.randomUUID();
        DB.execute(
                "insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,"
                        + " scheduled_for, callback_policy, created_at, updated_at) values ('" + call + "', '"
                        + person.id()
                        + "', '\\x00', 'brad_001', '+14155550123', 300, true, now(), '{\"maxAttempts\":1,\"delaysSeconds\":[],\"giveUpAfterSeconds\":3600}', now(), now())");
        DB.execute("insert into memories values ('" + id + "', '" + person.id() + "', 'brad_001', '" + call
                + "', 'k', '" + words + "', now())");
        return id.toString();
    }

    private JsonNode list(Person person) {
        return web.get()
                .uri("/api/memories")
                .header("Authorization", person.bearer())
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody()
                .at("/memories");
    }

    private ResponseSpec delete(Person person, String path) {
        return web.method(HttpMethod.DELETE)
                .uri("/api/memories" + path)
                .header("Authorization", person.bearer())
                .exchange();
    }
}
