package ai.callmeback.simulators.resend;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.JournalQuery;
import ai.callmeback.simulators.wire.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"simulators.resend.requests-per-second=1000", "simulators.resend.key=re_only"})
class ResendSimulatorTest {
    private static final String EMAIL = "{\"from\":\"Calls <calls@example.test>\",\"to\":[\"ana@example.test\"],"
            + "\"subject\":\"Your call\",\"text\":\"Ready.\",\"tags\":[{\"name\":\"kind\",\"value\":\"summary\"}]}";

    private record Received(String id, String timestamp, String signature, String body) {}

    @LocalServerPort
    int port;

    @Autowired
    Journal journal;

    @Autowired
    Faults faults;

    @Autowired
    Outbox outbox;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void begin() {
        journal.clear();
        outbox.reset();
    }

    @AfterEach
    void end() {
        faults.clearAll();
        client.close();
    }

    @Test
    void acceptsAnEmailOncePerKey() throws Exception {
        String first = id(send(EMAIL, "call-summary/1"));
        assertThat(id(send(EMAIL, "call-summary/1"))).isEqualTo(first);
        assertThat(id(send(EMAIL, "call-summary/2"))).isNotEqualTo(first);
        HttpResponse<String> conflict = send(EMAIL.replace("Ready", "Changed"), "call-summary/1");
        assertThat(conflict.statusCode()).isEqualTo(409);
        assertThat(Json.object(conflict.body()).path("name").asString()).isEqualTo("invalid_idempotent_request");
        assertThat(accepted()).isEqualTo(2);
        HttpResponse<String> shown = get("/resend/emails/" + first);
        assertThat(Json.object(shown.body()).path("last_event").asString()).isEqualTo("sent");
        assertThat(get("/resend/emails/none").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesWhatTheVendorRefuses() throws Exception {
        assertThat(post("/resend/emails", EMAIL, null, null).statusCode()).isEqualTo(401);
        assertThat(post("/resend/emails", EMAIL, "Bearer re_other", null).statusCode())
                .isEqualTo(403);
        assertThat(send(EMAIL, "k".repeat(257)).statusCode()).isEqualTo(400);
        for (String bad : List.of(
                "nonsense",
                EMAIL.replace("\"subject\"", "\"topic\""),
                EMAIL.replace("[\"ana@example.test\"]", "[]"),
                EMAIL.replace("calls@example.test", "calls"),
                EMAIL.replace("\"text\"", "\"body\""),
                EMAIL.replace("\"summary\"", "\"no spaces\""))) {
            HttpResponse<String> refused = send(bad, null);
            assertThat(refused.statusCode()).as(bad).isEqualTo(422);
            assertThat(Json.object(refused.body()).path("statusCode").asInt()).isEqualTo(422);
        }
        assertThat(accepted()).isZero();
    }

    @Test
    void takesFaults() throws Exception {
        faults.set(Fault.of("resend", "emails", FaultKind.HTTP_429, 1));
        HttpResponse<String> limited = send(EMAIL, null);
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValue("retry-after")).isPresent();
        faults.set(Fault.of("resend", "emails", FaultKind.HTTP_500, 1));
        assertThat(send(EMAIL, null).statusCode()).isEqualTo(500);
        faults.set(Fault.of("resend", "emails", FaultKind.DROP_REPLY, 1));
        assertThat(client.sendAsync(
                        request("/resend/emails", EMAIL, "Bearer re_only", "k9"), HttpResponse.BodyHandlers.ofString()))
                .failsWithin(java.time.Duration.ofSeconds(10));
        assertThat(accepted()).isEqualTo(1);
        assertThat(send(EMAIL, "k9").statusCode()).isEqualTo(200);
        assertThat(accepted()).isEqualTo(1);
    }

    @Test
    void webhooksAreSignedAndCanBeRepeated() throws Exception {
        List<Received> received = new CopyOnWriteArrayList<>();
        DisposableServer receiver = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asString()
                        .flatMap(body -> {
                            received.add(new Received(
                                    request.requestHeaders().get("svix-id"),
                                    request.requestHeaders().get("svix-timestamp"),
                                    request.requestHeaders().get("svix-signature"),
                                    body));
                            return response.status(204).send().then(Mono.empty());
                        }))
                .bindNow();
        String id = id(send(EMAIL, null));
        HttpResponse<String> sent = post(
                "/control/resend/webhooks",
                "{\"url\":\"http://127.0.0.1:" + receiver.port() + "/hook\",\"emailId\":\"" + id
                        + "\",\"type\":\"email.delivered\",\"times\":2}",
                null,
                null);
        receiver.disposeNow();

        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(200);
        assertThat(received).hasSize(2);
        Received first = received.getFirst();
        assertThat(received.getLast().id()).isEqualTo(first.id());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("simulated-webhook-secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] expected = mac.doFinal(
                (first.id() + "." + first.timestamp() + "." + first.body()).getBytes(StandardCharsets.UTF_8));
        assertThat(first.signature()).isEqualTo("v1," + Base64.getEncoder().encodeToString(expected));
        assertThat(Json.object(first.body())
                        .path("data")
                        .path("tags")
                        .path("kind")
                        .asString())
                .isEqualTo("summary");
        assertThat(Json.object(get("/resend/emails/" + id).body())
                        .path("last_event")
                        .asString())
                .isEqualTo("delivered");
    }

    private long accepted() {
        return journal.read(JournalQuery.ofVendor("resend")).stream()
                .filter(entry -> entry.kind().equals("email.accepted"))
                .count();
    }

    private static String id(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.object(response.body()).path("id").asString();
    }

    private HttpResponse<String> send(String body, String key) throws Exception {
        return post("/resend/emails", body, "Bearer re_only", key);
    }

    private HttpResponse<String> post(String path, String body, String authorization, String key) throws Exception {
        return client.send(request(path, body, authorization, key), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path, String body, String authorization, String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return request.build();
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer re_only")
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
