package ai.callmeback.api.operator;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import tools.jackson.databind.JsonNode;

/** How personas sound and think, set by an operator. Alex is of this class alone. */
class PersonaDeskTest extends ApiTest {
    private static final String ALEX = "/api/operator/personas/alex_001";

    @Test
    void whatIsNotSetIsShownWithWhatIsUsedInstead() {
        Person operator = operator();

        JsonNode all = get(operator, "/api/operator/personas");

        assertThat(all.at("/product/speechModel").asString()).isEqualTo("eleven_flash_v2_5");
        assertThat(all.at("/product/languageModels/0").asString()).isEqualTo("gpt-oss-120b");
        assertThat(all.at("/personas").valueStream().map(one -> one.at("/id").asString()))
                .containsExactly("brad_001", "sarah_001", "alex_001");
        JsonNode brad = all.at("/personas/0");
        assertThat(brad.has("speechModel")).isFalse();
        assertThat(brad.at("/effective/speechModel").asString()).isEqualTo("eleven_flash_v2_5");
        assertThat(brad.at("/effective/languageModels").valueStream().map(JsonNode::asString))
                .containsExactly("gpt-oss-120b");
        assertThat(brad.has("lastChange")).isFalse();
        assertThat(brad.has("systemPrompt")).isFalse();
    }

    @Test
    void aChangeIsMadeOnceKeptAndNeverOverAnothers() {
        Person operator = operator();
        JsonNode before = get(operator, ALEX);
        Map<String, Object> wish = wish(before);
        wish.put("languageModel", "llama-3.3-70b");
        wish.put("speechModel", "eleven_turbo_v2_5");
        wish.put("temperature", 1.25);
        wish.put("note", "  Livelier.  ");
        wish.remove("speed");
        wish.put("style", 0.25);

        JsonNode after = put(operator, wish, 200);

        assertThat(after.at("/version").asInt()).isEqualTo(before.at("/version").asInt() + 1);
        assertThat(after.at("/effective/languageModels").valueStream().map(JsonNode::asString))
                .containsExactly("llama-3.3-70b", "gpt-oss-120b");
        assertThat(after.at("/effective/speechModel").asString()).isEqualTo("eleven_turbo_v2_5");
        assertThat(after.at("/temperature").decimalValue()).isEqualByComparingTo("1.25");
        assertThat(after.at("/effective/style").decimalValue()).isEqualByComparingTo("0.25");
        assertThat(after.has("speed")).as("not set any more").isFalse();
        assertThat(after.at("/effective/speed").decimalValue()).isEqualByComparingTo("1");
        assertThat(after.at("/lastChange/note").asString()).isEqualTo("Livelier.");
        assertThat(put(operator, wish, 200)).as("a repeat").isEqualTo(after);
        assertThat(DB.query("select before ->> 'temperature' <> after ->> 'temperature' from persona_changes"
                        + " where persona_id = 'alex_001' and changed_by = '" + operator.id() + "'"))
                .hasSize(1);
        assertThat(DB.query("select 1 from personas where id = 'alex_001' and voice_settings ? 'use_speaker_boost'"
                        + " and not voice_settings ? 'speed'"))
                .as("what operators are not asked for stays")
                .hasSize(1);

        wish.put("temperature", 0.1);
        JsonNode refused = put(operator, wish, 409);
        assertThat(refused.at("/code").asString()).isEqualTo("persona_changed");
        assertThat(get(operator, ALEX)).isEqualTo(after);
    }

    @Test
    void eachWrongFieldIsNamedWithItsBound() {
        Person operator = operator();
        Map<String, Object> wish = wish(get(operator, ALEX));
        wish.put("temperature", 2.01);
        wish.put("maxTokens", 15);
        wish.put("speed", 1.125);
        wish.put("stability", -0.1);
        wish.put("style", 1.01);
        wish.put("languageModel", "no such model");
        wish.put("voiceId", "");
        wish.put("note", "x".repeat(201));
        wish.remove("version");

        List<JsonNode> errors =
                put(operator, wish, 400).at("/errors").valueStream().toList();

        assertThat(errors)
                .extracting(error ->
                        error.at("/field").asString() + " " + error.at("/code").asString())
                .containsExactlyInAnyOrder(
                        "version field_required",
                        "voiceId vendor_name_invalid",
                        "languageModel vendor_name_invalid",
                        "temperature number_out_of_range",
                        "maxTokens number_out_of_range",
                        "stability number_out_of_range",
                        "style number_out_of_range",
                        "speed number_out_of_range",
                        "note text_too_long");
        assertThat(errors)
                .filteredOn(error -> error.at("/field").asString().equals("speed"))
                .allMatch(error -> error.at("/bound").toString().equals("[0.7,1.2]"));
        assertThat(put(operator, Map.of(), 400).at("/errors")).hasSize(4);
    }

    @Test
    void thereIsNoSuchPersona() {
        Person operator = operator();
        for (String id : List.of("nobody_001", "A b", "x".repeat(41))) {
            web.get()
                    .uri("/api/operator/personas/{id}", id)
                    .header("Authorization", operator.bearer())
                    .exchange()
                    .expectStatus()
                    .isNotFound();
        }
        web.put()
                .uri("/api/operator/personas/nobody_001")
                .header("Authorization", operator.bearer())
                .bodyValue(wish(get(operator, ALEX)))
                .exchange()
                .expectStatus()
                .isNotFound();
    }

    /** All that is set now, as a change that changes nothing. */
    private static Map<String, Object> wish(JsonNode state) {
        Map<String, Object> wish = new HashMap<>();
        wish.put("version", state.at("/version").asInt());
        wish.put("voiceId", state.at("/voiceId").asString());
        wish.put("maxTokens", state.at("/maxTokens").asInt());
        for (String number : List.of("temperature", "stability", "similarityBoost", "style", "speed")) {
            if (state.has(number)) {
                wish.put(number, state.at("/" + number).decimalValue());
            }
        }
        return wish;
    }

    private JsonNode put(Person operator, Map<String, Object> wish, int status) {
        EntityExchangeResult<JsonNode> answer = web.put()
                .uri(ALEX)
                .header("Authorization", operator.bearer())
                .bodyValue(wish)
                .exchange()
                .expectBody(JsonNode.class)
                .returnResult();
        assertThat(answer.getStatus().value())
                .as("%s", answer.getResponseBody())
                .isEqualTo(status);
        return Objects.requireNonNull(answer.getResponseBody());
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

    private Person operator() {
        Person person = newPerson();
        DB.execute("update users set role = 'operator' where id = '" + person.id() + "'");
        return person;
    }
}
