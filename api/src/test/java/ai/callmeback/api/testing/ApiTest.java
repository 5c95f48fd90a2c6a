package ai.callmeback.api.testing;

import ai.callmeback.db.testing.TestDatabase;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/**
 * The API as it runs, on a port of its own, over a real PostgreSQL; nothing answers at Temporal's address. All
 * subclasses share one application, so a test makes its own users and never counts on being alone.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "CALLMEBACK_ENV=local",
            "PUBLIC_URL=" + ApiTest.PUBLIC_URL,
            "JWT_SECRET=a-secret-of-forty-characters-for-testing",
            "PAYLOAD_KEYS=test:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            "TWILIO_ACCOUNT_SID=" + ApiTest.ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN=" + ApiTest.AUTH_TOKEN,
            "TWILIO_PHONE_NUMBER=+15005550006",
            "STRIPE_SECRET_KEY=sk_test_1",
            "STRIPE_WEBHOOK_SECRET=" + ApiTest.STRIPE_WEBHOOK_SECRET,
            "TEMPORAL_ADDRESS=127.0.0.1:9",
            "PERSONA_NUMBERS=brad_001:+15005550006,sarah_001:+15005550007",
            "FREE_INBOUND_CALLS_PER_DAY=1000",
            "TEMPORAL_UI_URL=http://127.0.0.1:8233",
            "callmeback.api.event-heartbeat=300ms",
            "callmeback.api.max-event-streams-per-user=3",
            "callmeback.api.forget-every=300ms",
            "TEMPORAL_API_KEY=a-key-of-temporal-cloud",
        })
public abstract class ApiTest {
    public static final String PUBLIC_URL = "https://calls.example.test/base";
    public static final String ACCOUNT_SID = "AC00000000000000000000000000000001";
    public static final String AUTH_TOKEN = "0123456789abcdef0123456789abcdef";
    public static final String STRIPE_WEBHOOK_SECRET = "whsec_test_only";
    public static final String PASSWORD = "correct horse";

    /** That of the API's own description. */
    private static final int LARGEST_ANSWER = 4 << 20;

    protected static final TestDatabase DB = TestDatabase.fresh().open();

    @LocalServerPort
    protected int port;

    protected WebTestClient web;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        registry.add("DATABASE_URL", DB::url);
    }

    @BeforeEach
    void openClient() {
        web = WebTestClient.bindToServer()
                .baseUrl(baseUrl())
                .responseTimeout(Duration.ofSeconds(20))
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(LARGEST_ANSWER))
                .build();
    }

    protected String baseUrl() {
        return "http://127.0.0.1:" + port;
    }

    /** A fresh account that is signed in. */
    public record Person(String id, String email, String token) {
        public String bearer() {
            return "Bearer " + token;
        }
    }

    protected Person newPerson() {
        String email = "p-" + UUID.randomUUID() + "@example.com";
        JsonNode body = post(
                "/api/auth/register",
                Map.of("email", email, "password", PASSWORD, "displayName", "Kim", "phoneNumber", "+14155550123"));
        return new Person(
                body.at("/user/id").asString(), email, body.at("/token").asString());
    }

    protected JsonNode post(String path, Object body) {
        return Objects.requireNonNull(web.post()
                .uri(path)
                .bodyValue(body)
                .exchange()
                .expectStatus()
                .is2xxSuccessful()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    }
}
