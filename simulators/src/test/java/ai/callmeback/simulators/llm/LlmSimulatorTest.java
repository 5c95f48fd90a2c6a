package ai.callmeback.simulators.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.JournalEntry;
import ai.callmeback.simulators.tuning.Tuning;
import ai.callmeback.simulators.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is refused, cut and counted as the vendor does. */
class LlmSimulatorTest extends LlmCustomer {
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
        assertThat((int) completion.detail().get("completionTokens")).isGreaterThanOrEqualTo(7);
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
}
