package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.SimulatorClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One call of a whole-system test: placed through the public API, watched at the simulated phone and in the
 * simulators' journals. Every wait is bounded.
 */
final class WatchedCall {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration CONVERSATION = Duration.ofSeconds(60);

    private final Stack stack;
    private final ApiClient api;
    private final SimulatorClient simulators;
    private final String number;
    private final String id;

    private WatchedCall(Stack stack, ApiClient api, SimulatorClient simulators, String number, String id) {
        this.stack = stack;
        this.api = api;
        this.simulators = simulators;
        this.number = number;
        this.id = id;
    }

    static SimulatorClient simulators(Stack stack) {
        return new SimulatorClient(Objects.requireNonNull(stack.endpoints().simulators()));
    }

    /** Gives the phone its script and asks for a call now. */
    static WatchedCall place(Stack stack, String number, List<Map<String, Object>> script) throws Exception {
        return ask(stack, number, script, null);
    }

    /** The same for a time to come. */
    static WatchedCall book(Stack stack, String number, List<Map<String, Object>> script, Instant due)
            throws Exception {
        return ask(stack, number, script, due);
    }

    private static WatchedCall ask(Stack stack, String number, List<Map<String, Object>> script, @Nullable Instant due)
            throws Exception {
        SimulatorClient simulators = simulators(stack);
        simulators
                .http()
                .put(
                        "/control/phones/" + number,
                        Map.of("behaviour", Map.of("kind", "answer"), "script", script, "resumeScript", true));
        ApiClient api = ApiClient.demoUser(stack.endpoints().api());
        Map<String, Object> request =
                new HashMap<>(Map.of("personaId", "brad_001", "phoneNumber", number, "durationMinutes", 3));
        if (due != null) {
            request.put(
                    "scheduledFor",
                    LocalDateTime.ofInstant(due, ZoneOffset.UTC)
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString());
            request.put("timeZone", "Etc/UTC");
        }
        JsonNode call = api.placeCall(request, UUID.randomUUID().toString());
        return new WatchedCall(stack, api, simulators, number, call.path("id").asString());
    }

    JsonNode view() throws IOException, InterruptedException {
        return api.call(id);
    }

    /** The calls the phone has had, as the phone lived them, oldest first. */
    List<JsonNode> phoneCalls() throws IOException, InterruptedException {
        return simulators.calls(number);
    }

    /** Waits until the phone, in its newest call, is hearing an utterance that holds the phrase. */
    JsonNode awaitHearing(String phrase) {
        return await("the phone hears " + phrase)
                .atMost(CONVERSATION)
                .pollInterval(POLL)
                .until(
                        this::newestPhoneCall,
                        call -> call.path("hearing").asString().contains(phrase));
    }

    private JsonNode newestPhoneCall() throws IOException, InterruptedException {
        List<JsonNode> calls = phoneCalls();
        return calls.isEmpty() ? api.call(id).path("none") : calls.getLast();
    }

    /** The process that owns the newest call's media, by the address the telephony speaks to. */
    String mediaOwner() throws IOException, InterruptedException {
        int port = URI.create(twilio("stream.connecting")
                        .getLast()
                        .path("detail")
                        .path("url")
                        .asString())
                .getPort();
        for (String name : List.of("voice-worker-1", "voice-worker-2")) {
            if (stack.portOf(name) == port) {
                return name;
            }
        }
        throw new AssertionError("the media goes to port " + port + ", which is no voice worker's");
    }

    /** The telephony's journal of all phone calls of this call. */
    List<JsonNode> twilio(String kind) throws IOException, InterruptedException {
        return ofThisNumber("twilio", kind);
    }

    List<JsonNode> phone(String kind) throws IOException, InterruptedException {
        return ofThisNumber("phone", kind);
    }

    private List<JsonNode> ofThisNumber(String vendor, String kind) throws IOException, InterruptedException {
        List<String> sids = phoneCalls().stream()
                .map(call -> call.path("callSid").asString())
                .toList();
        return simulators
                .http()
                .get("/control/journal?vendor=" + vendor + "&kind=" + kind)
                .path("entries")
                .valueStream()
                .filter(entry -> sids.contains(entry.path("call").asString()))
                .toList();
    }

    /** The first request to the model after an instant that goes on with the story. */
    JsonNode firstModelRequestAfter(Instant instant) throws IOException, InterruptedException {
        return simulators
                .http()
                .get("/control/journal?vendor=llm&kind=request")
                .path("entries")
                .valueStream()
                .filter(entry -> at(entry).isAfter(instant))
                .filter(entry -> entry.path("detail")
                        .path("messages")
                        .valueStream()
                        .anyMatch(message -> message.path("role").asString().equals("assistant")
                                && message.path("content").asString().contains("lighthouse")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the model was not asked after " + instant));
    }

    static Instant at(JsonNode entry) {
        return Instant.parse(entry.path("at").asString());
    }

    /** Everything the persona said and the phone heard, of one phone call. */
    static String heard(JsonNode phoneCall) {
        StringBuilder text = new StringBuilder();
        phoneCall
                .path("conversation")
                .valueStream()
                .filter(line -> line.path("who").asString().equals("persona"))
                .forEach(line -> text.append(line.path("text").asString()).append(' '));
        return text.toString().toLowerCase(Locale.ROOT);
    }

    /** Waits for the end of the call, and checks what every settled call has in common. */
    JsonNode awaitSettled() {
        JsonNode call = await("call " + id + " is settled")
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(
                        this::view,
                        view -> view.path("terminal").asBoolean()
                                && view.path("settlement").path("settledAt").isString());
        JsonNode credit = call.path("settlement").path("creditSeconds");
        assertThat(credit.path("captured").asInt())
                .isLessThanOrEqualTo(credit.path("held").asInt());
        assertThat(credit.path("captured").asInt() + credit.path("released").asInt())
                .isEqualTo(credit.path("held").asInt());
        return call;
    }

    void assertLedgerIsSound() throws IOException, InterruptedException {
        JsonNode audit = api.audit();
        assertThat(audit.path("ok").asBoolean()).as("ledger audit %s", audit).isTrue();
    }

    /** The phone rang so often, and as many calls were created. */
    void assertRang(int times) throws IOException, InterruptedException {
        assertThat(phone("phone.ringing")).as("rings of %s", number).hasSize(times);
        assertThat(twilio("call.created")).as("calls created to %s", number).hasSize(times);
    }

    @Override
    public String toString() {
        return "call " + id;
    }
}
