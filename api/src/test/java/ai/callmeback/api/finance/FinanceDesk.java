package ai.callmeback.api.finance;

import ai.callmeback.api.testing.ApiTest;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

/** Somebody of finance at the API: how they ask, and what they may expect. */
abstract class FinanceDesk extends ApiTest {
    protected Person finance;

    @BeforeEach
    void signIn() {
        finance = newPerson();
        DB.execute("update users set role = 'finance' where id = '" + finance.id() + "'");
    }

    protected final ResponseSpec get(String uri) {
        return web.get().uri(uri).header("Authorization", finance.bearer()).exchange();
    }

    protected final ResponseSpec post(String uri, Map<String, ?> body, @Nullable String key) {
        return web.post()
                .uri(uri)
                .headers(headers -> {
                    headers.set("Authorization", finance.bearer());
                    if (key != null) {
                        headers.set("Idempotency-Key", key);
                    }
                })
                .bodyValue(body)
                .exchange();
    }

    protected static JsonNode ok(ResponseSpec response) {
        return Objects.requireNonNull(response.expectStatus()
                .is2xxSuccessful()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    }

    protected static void refused(ResponseSpec response, HttpStatus status, String code) {
        response.expectStatus()
                .isEqualTo(status)
                .expectHeader()
                .contentType("application/problem+json")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo(code);
    }
}
