package ai.callmeback.simulators.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.simulators.wire.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the model says: all of it follows from the messages of the request. */
class PersonaAnswersTest extends LlmCustomer {
    private static final String END_CALL = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"end_call\","
            + "\"parameters\":{\"type\":\"object\",\"properties\":{\"reason\":{\"type\":\"string\"}},"
            + "\"required\":[\"reason\"],\"additionalProperties\":false},\"strict\":true}}]";

    @Test
    void remembersWhatTheMessagesSayAndNothingElse() {
        String told = reply(messages("system", "You are Sarah.", "user", "My code word is marigold."));
        String known = reply(messages(
                "system", "You are Sarah.",
                "user", "Hi there. My code word is marigold.",
                "assistant", "Got it.",
                "user", "Wait. What was my code word?"));
        String unknown = reply(messages("user", "What was my code word?"));
        String fromBrief = reply(
                messages("system", "So far:\nUser: my code word is Tulip.\n", "user", "Do you remember my code word?"));

        assertThat(told).contains("marigold");
        assertThat(known).isEqualTo("Your code word is marigold.");
        assertThat(unknown).doesNotContain("marigold").contains("do not know");
        assertThat(fromBrief).contains("Tulip");
    }

    @Test
    void tellsAStoryStopsAndGoesOnFromWhereItWasCut() {
        assertThat(reply(messages("user", "Please tell me a story."))).hasSizeGreaterThan(500);
        assertThat(reply(messages(
                        "user",
                        "Tell me a story.",
                        "assistant",
                        "Every evening she climbed two hun",
                        "user",
                        "Wait, stop.")))
                .startsWith("Of course, I will stop there.");
        assertThat(reply(messages(
                        "user",
                        "Tell me a story.",
                        "assistant",
                        "Every evening she climbed two hun",
                        "user",
                        "Where were we?")))
                .contains("she climbed two hun");
        assertThat(reply(messages("assistant", "Every evening she climbed", "user", "My dog is called Rex.")))
                .startsWith("Sorry, go ahead.")
                .contains("Rex");
    }

    @Test
    void knowsTheCodeWordHoweverItIsToldAndAskedFor() {
        for (String told : List.of(
                "Hi, good that you call. The code word for today is marigold.",
                "my code word is marigold",
                "Our codeword is marigold!")) {
            for (String asked : List.of(
                    "That helps. What was the code word that I told you?",
                    "what is my code word",
                    "Do you remember the code word?",
                    "Tell me what my code word was again.",
                    "Wait. Which code word did I give you? What was the code word?")) {
                assertThat(reply(messages("user", told, "assistant", "All right.", "user", asked)))
                        .as(told + " " + asked)
                        .isEqualTo("Your code word is marigold.");
                assertThat(reply(messages("user", "Hello.", "assistant", "All right.", "user", asked)))
                        .contains("I do not know your code word");
            }
        }
    }

    @Test
    void callsTheFunctionThatIsAskedForIfThereIsOne() {
        String tools = ",\"tools\":[" + tool("switch_persona", "persona") + "," + tool("remember", "what") + "]";

        JsonNode handed = message(messages("user", "Can I speak to sarah?") + tools);
        assertThat(handed.path("content").asString()).contains("Sarah");
        assertThat(function(handed, "name")).isEqualTo("switch_persona");
        assertThat(function(handed, "arguments")).isEqualTo("{\"persona\":\"Sarah\"}");
        JsonNode noted = message(messages("user", "Please keep in mind that I have a dog.") + tools);
        assertThat(function(noted, "name")).isEqualTo("remember");
        assertThat(function(noted, "arguments")).isEqualTo("{\"what\":\"They said that I have a dog.\"}");
        assertThat(message(messages("user", "Can I speak to Sarah?")).has("tool_calls"))
                .isFalse();
        assertThat(reply(messages(
                        "system", "You are Sarah.",
                        "user", "Can I speak to Sarah?",
                        "assistant", "Of course, here is Sarah.",
                        "system", "You have just been handed this call. Say who you are, and go on.")))
                .startsWith("Hello, this is Sarah.");
    }

    @Test
    void booksAndExtendsByTheFunctionsThereAre() {
        String booking = tool("schedule_call_back", "local_time")
                .replaceFirst(
                        "\"parameters\"",
                        "\"description\":\"By their clock it is now Friday 2030-01-31T07:45.\",\"parameters\"");
        String tools = ",\"tools\":[" + booking + "," + tool("extend_call", "why") + "]";

        assertThat(Map.of(
                        "Call me again tomorrow at eight.", "\"local_time\":\"2030-02-01T08:00\"",
                        "Please ring me back at 9.", "\"local_time\":\"2030-01-31T09:00\"",
                        "Ring me at seven in the evening.", "\"local_time\":\"2030-01-31T19:00\"",
                        "Can you call me back in two hours?", "\"in_minutes\":120"))
                .allSatisfy((said, argument) -> {
                    JsonNode booked = message(messages("user", said) + tools);
                    assertThat(function(booked, "name")).isEqualTo("schedule_call_back");
                    assertThat(function(booked, "arguments")).contains(argument);
                });
        assertThat(function(message(messages("user", "Make this call longer.") + tools), "name"))
                .isEqualTo("extend_call");
        String offer = "Shall I make it five minutes more?";
        assertThat(function(
                        message(messages("user", "Hello.", "assistant", offer, "user", "Yes, please.") + tools),
                        "name"))
                .isEqualTo("extend_call");
    }

    private static String tool(String name, String argument) {
        return "{\"type\":\"function\",\"function\":{\"name\":\"" + name + "\",\"parameters\":{\"type\":\"object\","
                + "\"properties\":{\"" + argument + "\":{\"type\":\"string\"}},\"required\":[\"" + argument
                + "\"],\"additionalProperties\":false},\"strict\":true}}";
    }

    private JsonNode message(String messages) {
        return Json.object(post(body("llama3.1-8b", messages, "")).body())
                .path("choices")
                .path(0)
                .path("message");
    }

    private static String function(JsonNode message, String field) {
        return message.path("tool_calls").path(0).path("function").path(field).asString();
    }

    @Test
    void followsASystemNoteAtTheEnd() {
        assertThat(reply(messages(
                        "system",
                        "You are Brad.",
                        "user",
                        "I am tired.",
                        "system",
                        "Say a short, warm goodbye and call end_call.")))
                .startsWith("Goodbye");
        assertThat(reply(messages(
                        "user", "Tell me a story.",
                        "assistant", "Let me tell you about the lighthouse keeper of Mar — Sorry, where was I?",
                        "system",
                                "You were cut off in the middle of your last sentence. Go on where you were cut off.")))
                .isEqualTo(
                        "Marrow Point. Every evening she climbed two hundred and twelve steps with a can of oil and a loaf of bread.");
        assertThat(reply(messages("user", "What was my code word?", "system", "Keep it short.")))
                .contains("do not know");
        assertThat(reply(messages("user", "I have to go to the dentist today.")))
                .doesNotContain("Goodbye");
        assertThat(reply(messages("user", "Tell me how to get going."))).hasSizeGreaterThan(200);
    }

    @Test
    void saysFarewellAndEndsTheCallOnlyIfItCan() {
        List<JsonNode> chunks = stream(
                "llama3.1-8b",
                messages("user", "My name is Ana.", "assistant", "Hi Ana.", "user", "Okay, goodbye!"),
                END_CALL);
        assertThat(content(chunks)).startsWith("Goodbye, Ana!");
        StringBuilder arguments = new StringBuilder();
        String name = "";
        for (JsonNode chunk : chunks) {
            JsonNode call = chunk.path("choices")
                    .path(0)
                    .path("delta")
                    .path("tool_calls")
                    .path(0);
            name += call.path("function").path("name").asString("");
            arguments.append(call.path("function").path("arguments").asString(""));
        }
        assertThat(name).isEqualTo("end_call");
        assertThat(Json.object(arguments.toString()).path("reason").asString()).isNotEmpty();
        assertThat(chunks.getLast().path("choices").get(0).path("finish_reason").asString())
                .isEqualTo("tool_calls");
        assertThat(reply(messages("user", "Bye!"))).startsWith("Goodbye!");
    }

    @Test
    void fillsASchemaFromTheConversation() {
        String schema =
                ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"summary\",\"strict\":true,\"schema\":"
                        + "{\"type\":\"object\",\"properties\":{\"summary\":{\"type\":\"string\"},\"facts\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
                        + "\"mood\":{\"type\":\"string\",\"enum\":[\"good\",\"bad\"]},\"score\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":5}},"
                        + "\"required\":[\"summary\",\"facts\",\"mood\",\"score\"],\"additionalProperties\":false}}}";
        JsonNode answer = Json.object(reply(messages("user", "I had a bad day. My code word is marigold."), schema));

        assertThat(answer.path("summary").asString()).contains("I had a bad day");
        assertThat(answer.path("facts").get(0).asString()).isEqualTo("code word: marigold");
        assertThat(answer.path("mood").asString()).isEqualTo("bad");
        assertThat(answer.path("score").asInt()).isEqualTo(1);
        assertThat(post(body("llama3.1-8b", messages("user", "x"), schema.replace(",\"score\"]", "]")))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void classifiesWhenAsked() {
        assertThat(reply(messages(
                        "system",
                        "Classify the call. Answer with one of: voicemail, person, unclear",
                        "user",
                        "Hello, a person here.")))
                .isEqualTo("person");
    }
}
