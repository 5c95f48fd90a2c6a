package ai.callmeback.simulators.twilio;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests over real sockets against the running simulators, as a customer and as whoever holds the controls. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "simulators.twilio.account-sid=" + LiveExchange.ACCOUNT,
            "simulators.twilio.auth-token=" + LiveExchange.TOKEN,
            "simulators.twilio.phone-number=" + LiveExchange.FROM
        })
abstract class LiveExchange {
    static final String ACCOUNT = "ACabababababababababababababababab";
    static final String TOKEN = "a-token";
    static final String FROM = "+15005550006";
    static final Duration SOON = Duration.ofSeconds(15);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Value("${local.server.port}")
    int port;

    final HttpClient http = HttpClient.newHttpClient();

    HttpResponse<String> post(String path, String... fields) throws IOException, InterruptedException {
        return http.send(request(path).POST(form(fields)).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/twilio" + path))
                .timeout(SOON)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString((ACCOUNT + ":" + TOKEN).getBytes(StandardCharsets.UTF_8)));
    }

    static HttpRequest.BodyPublisher form(String... fields) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            body.append(i == 0 ? "" : "&")
                    .append(fields[i])
                    .append('=')
                    .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
        }
        return HttpRequest.BodyPublishers.ofString(body.toString());
    }

    static String calls() {
        return "/2010-04-01/Accounts/" + ACCOUNT + "/Calls.json";
    }

    static String call(String sid) {
        return "/2010-04-01/Accounts/" + ACCOUNT + "/Calls/" + sid + ".json";
    }

    JsonNode control(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/control" + path))
                        .timeout(SOON)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(path + " answered " + response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body().isEmpty() ? "null" : response.body());
    }

    static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    /** Kinds of a call's journal entries of one vendor, in order. */
    List<String> kinds(String vendor, String sid) throws IOException, InterruptedException {
        return control("GET", "/journal?vendor=" + vendor + "&call=" + sid, "")
                .get("entries")
                .valueStream()
                .map(entry -> entry.get("kind").asString())
                .collect(Collectors.toList());
    }

    List<JsonNode> details(String vendor, String sid, String kind) throws IOException, InterruptedException {
        return control("GET", "/journal?vendor=" + vendor + "&call=" + sid + "&kind=" + kind, "")
                .get("entries")
                .valueStream()
                .map(entry -> entry.get("detail"))
                .toList();
    }
}
