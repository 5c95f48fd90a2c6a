package ai.callmeback.dev.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON over HTTP. An answer that is no success is a {@link RefusedException}. */
public final class JsonHttp {
    static final JsonMapper JSON = JsonMapper.builder().build();
    static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final URI base;
    private final Map<String, String> headers = new LinkedHashMap<>();

    public JsonHttp(URI base) {
        this.base = base;
    }

    /** A header sent with every request. */
    public JsonHttp with(String name, String value) {
        headers.put(name, value);
        return this;
    }

    URI uri(String path) {
        return URI.create(base + path);
    }

    Map<String, String> headers() {
        return headers;
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        return send("GET", path, null, Map.of());
    }

    public JsonNode post(String path, @Nullable Object body) throws IOException, InterruptedException {
        return send("POST", path, body, Map.of());
    }

    public JsonNode put(String path, Object body) throws IOException, InterruptedException {
        return send("PUT", path, body, Map.of());
    }

    public JsonNode delete(String path) throws IOException, InterruptedException {
        return send("DELETE", path, null, Map.of());
    }

    public JsonNode send(String method, String path, @Nullable Object body, Map<String, String> more)
            throws IOException, InterruptedException {
        String answer = succeeded(method, path, exchange(method, path, body, more));
        return answer.isBlank() ? JSON.nullNode() : JSON.readTree(answer);
    }

    /** What is no JSON, such as a table. */
    public String text(String path) throws IOException, InterruptedException {
        return succeeded("GET", path, exchange("GET", path, null, Map.of()));
    }

    private String succeeded(String method, String path, HttpResponse<String> response) throws IOException {
        if (response.statusCode() / 100 != 2) {
            throw new RefusedException(method + " " + uri(path), response.statusCode(), response.body());
        }
        return response.body();
    }

    /** The answer as it is, whatever its status. */
    public HttpResponse<String> exchange(String method, String path, @Nullable Object body, Map<String, String> more)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(DEADLINE)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        more.forEach(request::header);
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
