package ai.callmeback.dev.client;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Our public API as a signed-in user sees it. */
public final class ApiClient {
    public static final String DEMO_EMAIL = "demo@callmeback.ai";
    public static final String DEMO_PASSWORD = "demo123";

    private static final int CONFLICT = 409;

    private final JsonHttp http;

    private ApiClient(JsonHttp http) {
        this.http = http;
    }

    public static ApiClient signIn(URI api, String email, String password) throws IOException, InterruptedException {
        JsonNode session = new JsonHttp(api).post("/api/auth/login", Map.of("email", email, "password", password));
        return new ApiClient(new JsonHttp(api)
                .with("Authorization", "Bearer " + session.path("token").asString()));
    }

    /** Somebody without calls, credits or a plan; a repeat is the same person. */
    public static ApiClient newcomer(URI api, String email) throws IOException, InterruptedException {
        String password = "a password of " + email;
        int status = new JsonHttp(api)
                .exchange(
                        "POST",
                        "/api/auth/register",
                        Map.of("email", email, "password", password, "displayName", "Kim"),
                        Map.of())
                .statusCode();
        if (status / 100 != 2 && status != CONFLICT) {
            throw new IOException("nobody could register: " + status);
        }
        return signIn(api, email, password);
    }

    /** The user seeded in the local environment. */
    public static ApiClient demoUser(URI api) throws IOException, InterruptedException {
        return signIn(api, DEMO_EMAIL, DEMO_PASSWORD);
    }

    public JsonHttp http() {
        return http;
    }

    /** Asks for a call; answers the call as accepted. A repeat with the same key answers the same call. */
    public JsonNode placeCall(Map<String, Object> request, String idempotencyKey)
            throws IOException, InterruptedException {
        return http.send("POST", "/api/calls", request, Map.of("Idempotency-Key", idempotencyKey));
    }

    public JsonNode call(String callId) throws IOException, InterruptedException {
        return http.get("/api/calls/" + callId);
    }

    /** The latest calls in full, newest first, at most twenty. */
    public List<JsonNode> calls() throws IOException, InterruptedException {
        List<JsonNode> calls = new ArrayList<>();
        for (JsonNode call : http.get("/api/calls").path("calls")) {
            calls.add(call(call.path("id").asString()));
        }
        return calls;
    }

    public EventStream events(String callId, Consumer<EventStream.Event> consumer) {
        return EventStream.open(http, "/api/calls/" + callId + "/events", consumer);
    }

    /** Needs an operator, which the demo user is in the local environment. */
    public JsonNode audit() throws IOException, InterruptedException {
        return http.get("/api/operator/ledger/audit");
    }
}
