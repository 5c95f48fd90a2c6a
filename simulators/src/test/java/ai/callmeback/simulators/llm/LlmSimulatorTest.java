package ai.callmeback.simulators.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.JournalEntry;
import ai.callmeback.simulators.core.JournalQuery;
import ai.callmeback.simulators.tuning.Tuning;
import ai.callmeback.simulators.tuning.TuningSwitch;
import ai.callmeback.simulators.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "LLM_MODEL=my-own-model",
            "simulators.tuning.llm-first-token-millis=5",
            "simulators.tuning.llm-tokens-per-second=3000"
        })
class LlmSimulatorTest {
    private static final String END_CALL = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"end_call\","
            + "\"parameters\":{\"type\":\"object\",\"properties\":{\"reason\":{\"type\":\"string\"}},"
            + "\"required\":[\"reason\"],\"additionalProperties\":false},\"strict\":true}}]";

    @LocalServerPort
    int port;

    @Autowired
    Journal journal;

    @Autowired
    Faults faults;

    @Autowired
    TuningSwitch tuning;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void begin() {
        journal.clear();
    }

    @AfterEach
    void leaveNoFaults() {
        faults.clearAll();
        tuning.reset();
        client.close();
    }

    @Test
    void streamsAsServerSentEventsWithTheUsageLast() {
        List<JsonNode> chunks = stream(
                "gpt-oss-120b",
                messages("system", "You are Brad, a coach."),
                ",\"stream_options\":{\"include_usage\":true}");

        assertThat(content(chunks)).isEqualTo("Hello, this is Brad, calling you back. How are you today?");
        assertThat(chunks.getFirst()
                        .path("choices")
                        .get(0)
                        .path("delta")
                        .path("role")
                        .asString())
                .isEqualTo("assistant");
        assertThat(chunks.get(1)
                        .path("choices")
                        .get(0)
                        .path("delta")
                        .path("reasoning")
                        .asString())
                .isNotEmpty();
        assertThat(chunks.get(chunks.size() - 2)
                        .path("choices")
                        .get(0)
                        .path("finish_reason")
                        .asString())
                .isEqualTo("stop");
        JsonNode usage = chunks.getLast();
        assertThat(usage.path("choices")).isEmpty();
        assertThat(chunks.getFirst().path("usage").isNull()).isTrue();
        JournalEntry completion = awaitEntry("completion");
        assertThat(completion.detail())
                .containsEntry(
                        "promptTokens",
                        usage.path("usage").path("prompt_tokens").asInt())
                .containsEntry(
                        "completionTokens",
                        usage.path("usage").path("completion_tokens").asInt())
                .containsEntry("cancelled", false);
    }

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

    @Test
    void countsTheTokensOfACancelledAnswer() throws Exception {
        tuning.change(new Tuning.Change(null, null, null, null, null, 5, 100));
        HttpResponse<Stream<String>> response = client.send(
                request(body("llama3.1-8b", messages("user", "Tell me a story."), ",\"stream\":true")),
                HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = response.body()) {
            assertThat(lines.filter(line -> line.contains("content")).limit(8).count())
                    .isEqualTo(8);
        }
        JournalEntry completion = awaitEntry("completion");
        assertThat(completion.detail()).containsEntry("cancelled", true);
        assertThat((int) completion.detail().get("completionTokens")).isBetween(7, 60);
    }

    @Test
    void limitsTokensAndHonoursStops() {
        JsonNode limited = Json.object(
                post(body("llama3.1-8b", messages("user", "Tell me a story."), ",\"max_completion_tokens\":5"))
                        .body());
        assertThat(limited.path("choices").get(0).path("finish_reason").asString())
                .isEqualTo("length");
        assertThat(limited.path("usage").path("completion_tokens").asInt()).isEqualTo(5);
        assertThat(reply(messages("user", "Tell me a story."), ",\"stop\":[\"lighthouse\"]"))
                .isEqualTo("Let me tell you about the ");
    }

    @Test
    void refusesWhatAVendorRefuses() throws Exception {
        String fine = body("llama3.1-8b", messages("user", "Hi"), "");
        assertThat(client.send(request(fine, ""), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
        assertThat(error(fine.replace("llama3.1-8b", "gpt-unknown"), 404)).isEqualTo("model_not_found");
        assertThat(error("{oops", 400)).isEqualTo("invalid_value");
        assertThat(error("{\"model\":\"llama3.1-8b\",\"messages\":[]}", 400)).isEqualTo("invalid_value");
        assertThat(error(fine.replace("\"user\"", "\"robot\""), 400)).isEqualTo("invalid_value");
        assertThat(error(fine.replace("}]", "},{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"x\"}]"), 400))
                .isEqualTo("invalid_value");
        assertThat(error(body("llama3.1-8b", messages("user", "Hi"), ",\"temperature\":3"), 400))
                .isEqualTo("invalid_value");
        assertThat(error(body("llama3.1-8b", messages("user", "word ".repeat(70_000)), ""), 400))
                .isEqualTo("context_length_exceeded");
    }

    @Test
    void takesFaults() {
        String body = body("llama3.1-8b", messages("user", "Hi"), ",\"stream\":true");
        faults.set(Fault.of("llm", "chat.completions", FaultKind.HTTP_429, 1));
        HttpResponse<String> limited = post(body);
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValue("retry-after")).hasValue("1");
        faults.set(new Fault("", "llm", "*", null, FaultKind.HTTP_429, 0, 0, 0, 1, 1));
        HttpResponse<String> flat = post(body);
        assertThat(Json.object(flat.body()).path("code").asString()).isEqualTo("queue_exceeded");
        assertThat(flat.headers().firstValue("retry-after")).isEmpty();
        faults.set(new Fault("", "llm", "*", null, FaultKind.CLOSE, 0, 1, 0, 0, 1));
        assertThat(post(body).body()).contains("data: ").doesNotContain("[DONE]");
        faults.set(new Fault("", "llm", "*", null, FaultKind.CLOSE, 0, 2, 0, 0, 1));
        assertThat(post(body).body()).contains("server_error").doesNotContain("[DONE]");
        faults.set(Fault.of("llm", "*", FaultKind.CLOSE, 1));
        Assertions.assertThatThrownBy(() -> post(body)).hasRootCauseInstanceOf(IOException.class);
        faults.set(Fault.of("llm", "*", FaultKind.DROP_REPLY, 1));
        Assertions.assertThatThrownBy(() -> post(body)).hasRootCauseInstanceOf(IOException.class);
        faults.set(Fault.of("llm", "*", FaultKind.SILENT, 1));
        CompletableFuture<HttpResponse<String>> silent =
                client.sendAsync(request(body), HttpResponse.BodyHandlers.ofString());
        await().during(Duration.ofMillis(200)).until(() -> !silent.isDone());
        silent.cancel(true);
        assertThat(post(body).body()).endsWith("data: [DONE]\n\n");
    }

    @Test
    void mayForgetTheUsage() {
        faults.set(new Fault("", "llm", "*", null, FaultKind.CLOSE, 0, 4, 0, 0, 1));
        List<JsonNode> chunks =
                stream("my-own-model", messages("user", "Hi"), ",\"stream_options\":{\"include_usage\":true}");
        assertThat(chunks.getLast().path("choices").get(0).path("finish_reason").asString())
                .isEqualTo("stop");
        assertThat(awaitEntry("completion").detail()).containsEntry("cancelled", false);
    }

    @Test
    void zeroDelayAnswersAtOnce() {
        tuning.change(new Tuning.Change(true, null, null, null, null, null, null));
        assertThat(content(stream("llama3.1-8b", messages("user", "Tell me a story."), "")))
                .hasSizeGreaterThan(500);
    }

    @Test
    void listsItsModels() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/llm/v1/models"))
                .header("Authorization", "Bearer k")
                .build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
                .contains("\"gpt-oss-120b\"");
    }

    private String error(String body, int status) {
        HttpResponse<String> response = post(body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return Json.object(response.body()).path("error").path("code").asString();
    }

    private JournalEntry awaitEntry(String kind) {
        List<JournalEntry> found = new ArrayList<>();
        await().until(() -> {
            journal.read(JournalQuery.ofVendor("llm")).stream()
                    .filter(entry -> entry.kind().equals(kind))
                    .forEach(found::add);
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    private String reply(String messages) {
        return reply(messages, "");
    }

    private String reply(String messages, String more) {
        JsonNode answer = Json.object(post(body("llama3.1-8b", messages, more)).body());
        return answer.path("choices").get(0).path("message").path("content").asString();
    }

    private List<JsonNode> stream(String model, String messages, String more) {
        List<String> lines = post(body(model, messages, ",\"stream\":true" + more))
                .body()
                .lines()
                .filter(line -> !line.isEmpty())
                .toList();
        assertThat(lines).allMatch(line -> line.startsWith("data: "));
        assertThat(lines.getLast()).isEqualTo("data: [DONE]");
        return lines.subList(0, lines.size() - 1).stream()
                .map(line -> Json.object(line.substring(6)))
                .toList();
    }

    private static String content(List<JsonNode> chunks) {
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(
                chunk.path("choices").path(0).path("delta").path("content").asString("")));
        return text.toString();
    }

    private static String messages(String... rolesAndContents) {
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < rolesAndContents.length; i += 2) {
            messages.add("{\"role\":\"" + rolesAndContents[i] + "\",\"content\":" + Json.quote(rolesAndContents[i + 1])
                    + "}");
        }
        return "[" + String.join(",", messages) + "]";
    }

    private static String body(String model, String messages, String more) {
        return "{\"model\":\"" + model + "\",\"messages\":" + messages + more + "}";
    }

    private HttpResponse<String> post(String body) {
        return client.sendAsync(request(body), HttpResponse.BodyHandlers.ofString())
                .join();
    }

    private HttpRequest request(String body) {
        return request(body, "Bearer llm-key");
    }

    private HttpRequest request(String body, String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/llm/v1/chat/completions"))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return authorization.isEmpty()
                ? request.build()
                : request.header("Authorization", authorization).build();
    }
}
