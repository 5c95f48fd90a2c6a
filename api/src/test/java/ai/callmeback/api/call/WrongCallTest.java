package ai.callmeback.api.call;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bookings that cannot be: a code, the field, the bound, and nothing stored. */
class WrongCallTest extends CallApi {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "personaId | nobody_001 | unknown_persona",
                "personaId | 'Not an id!' | unknown_persona",
                "phoneNumber | 12 | invalid_number",
                "phoneNumber | hello | invalid_number",
                "phoneNumber | +8613800138000 | country_not_allowed",
                "phoneNumber | +19002345678 | number_type_not_allowed",
                "phoneNumber | +449012345678 | number_type_not_allowed",
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
}
