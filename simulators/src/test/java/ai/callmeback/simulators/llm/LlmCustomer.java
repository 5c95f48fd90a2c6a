package ai.callmeback.simulators.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.JournalEntry;
import ai.callmeback.simulators.core.JournalQuery;
import ai.callmeback.simulators.tuning.TuningSwitch;
import ai.callmeback.simulators.wire.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** Tests as a customer of the running simulator, who also holds its controls. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "LLM_MODEL=my-own-model",
            "simulators.tuning.llm-first-token-millis=5",
            "simulators.tuning.llm-tokens-per-second=3000"
        })
abstract class LlmCustomer {
    static {
        // A loaded machine is slow, not wrong.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    @LocalServerPort
    int port;

    @Autowired
    Journal journal;

    @Autowired
    Faults faults;

    @Autowired
    TuningSwitch tuning;

    final HttpClient client = HttpClient.newHttpClient();

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

    String error(String body, int status) {
        HttpResponse<String> response = post(body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return Json.object(response.body()).path("error").path("code").asString();
    }

    JournalEntry awaitEntry(String kind) {
        List<JournalEntry> found = new ArrayList<>();
        await().until(() -> {
            journal.read(JournalQuery.ofVendor("llm")).stream()
                    .filter(entry -> entry.kind().equals(kind))
                    .forEach(found::add);
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    String reply(String messages) {
        return reply(messages, "");
    }

    String reply(String messages, String more) {
        JsonNode answer = Json.object(post(body("llama3.1-8b", messages, more)).body());
        return answer.path("choices").get(0).path("message").path("content").asString();
    }

    List<JsonNode> stream(String model, String messages, String more) {
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

    static String content(List<JsonNode> chunks) {
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(
                chunk.path("choices").path(0).path("delta").path("content").asString("")));
        return text.toString();
    }

    static String messages(String... rolesAndContents) {
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < rolesAndContents.length; i += 2) {
            messages.add("{\"role\":\"" + rolesAndContents[i] + "\",\"content\":" + Json.quote(rolesAndContents[i + 1])
                    + "}");
        }
        return "[" + String.join(",", messages) + "]";
    }

    static String body(String model, String messages, String more) {
        return "{\"model\":\"" + model + "\",\"messages\":" + messages + more + "}";
    }

    HttpResponse<String> post(String body) {
        return client.sendAsync(request(body), HttpResponse.BodyHandlers.ofString())
                .join();
    }

    HttpRequest request(String body) {
        return request(body, "Bearer llm-key");
    }

    HttpRequest request(String body, String authorization) {
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
