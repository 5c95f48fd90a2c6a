package ai.callmeback.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import java.text.Normalizer;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

class AuthTest extends ApiTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "correct horse",
                "пароль-密码-🔑🔑🔑",
                "\u0000\u0000nul-first",
                "  spaces count  ",
                "👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
                "a password that is well beyond the seventy-two bytes that bcrypt alone would look at, and then some"
            })
    void anyUnicodePasswordWorks(String password) {
        String email = register(password);

        login(email, password).expectStatus().isOk();
        login(email, password + "x").expectStatus().isUnauthorized();
    }

    @Test
    void passwordsThatDifferOnlyAfter72BytesAreDifferent() {
        String start = "x".repeat(100);
        String email = register(start + "a");

        login(email, start + "b").expectStatus().isUnauthorized();
        login(email, start + "a").expectStatus().isOk();
    }

    @Test
    void theSameLettersFromAnotherKeyboardAreTheSamePassword() {
        String composed = "Zoë-Ångström";
        String email = register(composed);

        login(email, Normalizer.normalize(composed, Normalizer.Form.NFD))
                .expectStatus()
                .isOk();
    }

    @Test
    void passwordIsStoredOnlyAsBcryptHash() {
        String email = register("stored-nowhere");

        var rows = DB.query("select password_hash from users where email = '" + email + "'");

        assertThat(rows)
                .singleElement()
                .satisfies(row -> assertThat(row.get("password_hash").toString())
                        .startsWith("$2a$10$")
                        .doesNotContain("stored"));
    }

    @Test
    void wrongPasswordAndUnknownEmailGetTheSameAnswer() {
        String email = register(PASSWORD);

        JsonNode wrong = problem(login(email, "not the password").expectStatus().isUnauthorized());
        JsonNode unknown = problem(login("nobody-" + UUID.randomUUID() + "@example.com", PASSWORD)
                .expectStatus()
                .isUnauthorized());

        assertThat(without(wrong, "requestId")).isEqualTo(without(unknown, "requestId"));
        assertThat(wrong.at("/code").asString()).isEqualTo("invalid_credentials");
    }

    @Test
    void emailIsOnePersonWhateverItsCase() {
        String email = register(PASSWORD);

        register(email.toUpperCase(java.util.Locale.ROOT), PASSWORD)
                .expectStatus()
                .isEqualTo(409)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("email_taken");
        login(" " + email.toUpperCase(java.util.Locale.ROOT), PASSWORD)
                .expectStatus()
                .isOk();
    }

    @Test
    void revokedTokenStaysRevokedAndOthersStayGood() {
        Person person = newPerson();
        String second = login(person.email(), PASSWORD)
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody()
                .at("/token")
                .asString();

        web.post()
                .uri("/api/auth/logout")
                .header("Authorization", person.bearer())
                .exchange()
                .expectStatus()
                .isNoContent();

        validate(person.token())
                .expectStatus()
                .isUnauthorized()
                .expectHeader()
                .valueEquals("WWW-Authenticate", "Bearer")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("not_authenticated");
        validate(second).expectStatus().isOk();
        // What makes it stay so after a restart: the revocation is a row, not a memory of this process.
        assertThat(DB.query("select 1 from revoked_tokens where user_id = '" + person.id() + "'"))
                .hasSize(1);
    }

    @Test
    void validateSaysWhatTheTokenIsWorth() {
        Person person = newPerson();

        validate(person.token())
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.valid")
                .isEqualTo(true)
                .jsonPath("$.kind")
                .isEqualTo("session")
                .jsonPath("$.user.email")
                .isEqualTo(person.email())
                .jsonPath("$.user.phoneNumber")
                .isEqualTo("+14155550123")
                .jsonPath("$.scopes.length()")
                .isEqualTo(4);
    }

    @Test
    void forgedTokensAreRefused() {
        Person person = newPerson();
        String[] parts = person.token().split("\\.", -1);
        String noneHeader = java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        validate(noneHeader + "." + parts[1] + ".").expectStatus().isUnauthorized();
        validate(parts[0] + "." + parts[1] + ".AAAA").expectStatus().isUnauthorized();
        validate("nonsense").expectStatus().isUnauthorized();
        validate("x".repeat(5000)).expectStatus().isUnauthorized();
    }

    @Test
    void suspendedUserIsOutAtOnce() {
        Person person = newPerson();
        DB.execute("update users set status = 'suspended' where id = '" + person.id() + "'");

        validate(person.token()).expectStatus().isUnauthorized();
        login(person.email(), PASSWORD)
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("account_not_active");
    }

    @Test
    void guessingIsThrottledAndTheRightPasswordDoesNotHelpThen() {
        String email = register(PASSWORD);
        for (int i = 0; i < SignInThrottle.PER_EMAIL_AND_ADDRESS; i++) {
            login(email, "guess " + i).expectStatus().isUnauthorized();
        }

        login(email, PASSWORD)
                .expectStatus()
                .isEqualTo(429)
                .expectHeader()
                .exists("Retry-After")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("too_many_attempts")
                .jsonPath("$.retryAfterSeconds")
                .isNumber();
    }

    @Test
    void everyWrongFieldIsNamedAtOnce() {
        web.post()
                .uri("/api/auth/register")
                .bodyValue(Map.of("email", "no-at-sign", "password", "short", "displayName", " ", "country", "XX"))
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.errors[*].field")
                .value(fields -> assertThat(fields.toString()).contains("email", "password", "displayName", "country"))
                .jsonPath("$.errors[1].code")
                .isEqualTo("text_too_short")
                .jsonPath("$.errors[1].bound")
                .isEqualTo(6);
    }

    @Test
    void halfASurrogatePairIsNotAPassword() {
        String json = "{\"email\":\"a@example.com\",\"displayName\":\"A\",\"password\":\"abcdef\\ud800\"}";

        web.post()
                .uri("/api/auth/register")
                .header("Content-Type", "application/json")
                .bodyValue(json)
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("text_not_unicode");
    }

    private String register(String password) {
        String email = "u-" + UUID.randomUUID() + "@example.com";
        register(email, password).expectStatus().isCreated();
        return email;
    }

    private ResponseSpec register(String email, String password) {
        return web.post()
                .uri("/api/auth/register")
                .bodyValue(Map.of("email", email, "password", password, "displayName", "Kim"))
                .exchange();
    }

    private ResponseSpec login(String email, String password) {
        return web.post()
                .uri("/api/auth/login")
                .bodyValue(Map.of("email", email, "password", password))
                .exchange();
    }

    private ResponseSpec validate(String token) {
        return web.get()
                .uri("/api/auth/validate")
                .header("Authorization", "Bearer " + token)
                .exchange();
    }

    private static JsonNode problem(ResponseSpec response) {
        return java.util.Objects.requireNonNull(
                response.expectBody(JsonNode.class).returnResult().getResponseBody());
    }

    private static JsonNode without(JsonNode node, String field) {
        return ((tools.jackson.databind.node.ObjectNode) node.deepCopy()).without(field);
    }
}
