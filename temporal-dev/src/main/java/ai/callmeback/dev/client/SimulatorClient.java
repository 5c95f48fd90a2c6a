package ai.callmeback.dev.client;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** The simulators' control API: their journals of what really happened, the phones, and faults. */
public final class SimulatorClient {
    private final JsonHttp http;

    public SimulatorClient(URI simulators) {
        this.http = new JsonHttp(simulators);
    }

    public JsonHttp http() {
        return http;
    }

    /** Follows a vendor's journal from an entry on. */
    public EventStream journal(String vendor, long since, Consumer<EventStream.Event> consumer) {
        return EventStream.open(http, "/control/events?vendor=" + vendor + "&since=" + since, consumer);
    }

    /** A vendor's entries so far, oldest first, at most ten thousand. */
    public List<JsonNode> journal(String vendor) throws IOException, InterruptedException {
        return http.get("/control/journal?vendor=" + vendor + "&limit=10000")
                .path("entries")
                .valueStream()
                .toList();
    }

    /** A vendor's entries of one kind about one call, oldest first. */
    public List<JsonNode> journal(String vendor, String kind, String call) throws IOException, InterruptedException {
        return http.get("/control/journal?vendor=" + vendor + "&kind=" + kind + "&call=" + call + "&limit=100000")
                .path("entries")
                .valueStream()
                .toList();
    }

    /** Gives a phone a script of that name, and lets it answer. */
    public void script(String number, String scriptName) throws IOException, InterruptedException {
        http.put("/control/phones/" + number, Map.of("behaviour", Map.of("kind", "answer"), "scriptName", scriptName));
    }

    /** Gives a phone these steps, and lets it answer. */
    public void script(String number, List<Map<String, Object>> steps) throws IOException, InterruptedException {
        http.put("/control/phones/" + number, Map.of("behaviour", Map.of("kind", "answer"), "script", steps));
    }

    /** Every call a phone has had, oldest first, with what was said and heard on it. */
    public List<JsonNode> calls(String number) throws IOException, InterruptedException {
        return http.get("/control/calls")
                .valueStream()
                .filter(call -> call.path("number").asString().equals(number))
                .toList();
    }

    public JsonNode fault(Map<String, Object> fault) throws IOException, InterruptedException {
        return http.post("/control/faults", fault);
    }

    public void clearFaults() throws IOException, InterruptedException {
        http.delete("/control/faults");
    }
}
