package ai.callmeback.dev.chaos;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.SimulatorClient;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One call placed through the public API, watched from both ends: our API, and the simulators' own record of the phone. */
public class ObservedCall {
    private final Stack stack;
    private final ApiClient api;
    private final SimulatorClient simulators;
    private final String number;
    private final String id;

    private ObservedCall(Stack stack, ApiClient api, SimulatorClient simulators, String number, String id) {
        this.stack = stack;
        this.api = api;
        this.simulators = simulators;
        this.number = number;
        this.id = id;
    }

    protected ObservedCall(ObservedCall call) {
        this(call.stack, call.api, call.simulators, call.number, call.id);
    }

    /**
     * What a phone is told, and what is asked of us. Without a time the call is wanted now.
     *
     * @param pickedUpBy how the phone behaves: {@code answer} for a caller with this script, {@code machine} for a mailbox
     */
    public record Request(
            String number,
            String pickedUpBy,
            List<Map<String, Object>> script,
            int minutes,
            @Nullable Instant due,
            String personaId) {
        public Request(
                String number,
                String pickedUpBy,
                List<Map<String, Object>> script,
                int minutes,
                @Nullable Instant due) {
            this(number, pickedUpBy, script, minutes, due, "brad_001");
        }

        /** A call of three minutes, now. */
        public static Request now(String number, List<Map<String, Object>> script) {
            return new Request(number, "answer", script, 3, null);
        }
    }

    public static SimulatorClient simulators(Stack stack) {
        return new SimulatorClient(Objects.requireNonNull(stack.endpoints().simulators()));
    }

    /** Gives the phone its script and asks for the call. */
    public static ObservedCall place(Stack stack, Request wanted) throws IOException, InterruptedException {
        SimulatorClient simulators = simulators(stack);
        simulators
                .http()
                .put(
                        "/control/phones/" + wanted.number(),
                        Map.of(
                                "behaviour", Map.of("kind", wanted.pickedUpBy()),
                                "script", wanted.script(),
                                "resumeScript", true));
        ApiClient api = ApiClient.demoUser(stack.endpoints().api());
        Map<String, Object> request = new HashMap<>(Map.of(
                "personaId", wanted.personaId(), "phoneNumber", wanted.number(), "durationMinutes", wanted.minutes()));
        Instant due = wanted.due();
        if (due != null) {
            request.put(
                    "scheduledFor",
                    LocalDateTime.ofInstant(due, ZoneOffset.UTC)
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString());
            request.put("timeZone", "Etc/UTC");
        }
        JsonNode call = api.placeCall(request, UUID.randomUUID().toString());
        return new ObservedCall(
                stack, api, simulators, wanted.number(), call.path("id").asString());
    }

    public String id() {
        return id;
    }

    public String number() {
        return number;
    }

    /** The call as our API shows it. */
    public JsonNode view() throws IOException, InterruptedException {
        return api.call(id);
    }

    /** Our ledger's audit of itself. */
    public JsonNode audit() throws IOException, InterruptedException {
        return api.audit();
    }

    /** The calls the phone has had, as the phone lived them, oldest first. */
    public List<JsonNode> phoneCalls() throws IOException, InterruptedException {
        return simulators.calls(number);
    }

    /** The phone's newest call; nothing before it has rung. */
    public Optional<JsonNode> newestPhoneCall() throws IOException, InterruptedException {
        List<JsonNode> calls = phoneCalls();
        return calls.isEmpty() ? Optional.empty() : Optional.of(calls.getLast());
    }

    /** The process that owns the newest call's media, by the address the telephony speaks to; empty before it speaks to any. */
    public Optional<String> mediaOwner() throws IOException, InterruptedException {
        List<JsonNode> streams = twilio("stream.connecting");
        if (streams.isEmpty()) {
            return Optional.empty();
        }
        int port = port(streams.getLast());
        return stack.voiceWorkers().stream()
                .filter(name -> stack.portOf(name) == port)
                .findFirst();
    }

    /** The port of the address in a journal entry. */
    static int port(JsonNode entry) {
        return URI.create(entry.path("detail").path("url").asString()).getPort();
    }

    /** The telephony's journal of all phone calls of this call. */
    public List<JsonNode> twilio(String kind) throws IOException, InterruptedException {
        return ofThisNumber("twilio", kind);
    }

    /** The phone's own journal of all phone calls of this call. */
    public List<JsonNode> phone(String kind) throws IOException, InterruptedException {
        return ofThisNumber("phone", kind);
    }

    private List<JsonNode> ofThisNumber(String vendor, String kind) throws IOException, InterruptedException {
        List<JsonNode> entries = new ArrayList<>();
        for (JsonNode call : phoneCalls()) {
            entries.addAll(simulators.journal(vendor, kind, call.path("callSid").asString()));
        }
        return entries;
    }

    /** The caller puts down the receiver. */
    public void hangUp() throws IOException, InterruptedException {
        simulators.http().post("/control/phones/" + number + "/hang-up", null);
    }

    public static Instant at(JsonNode entry) {
        return Instant.parse(entry.path("at").asString());
    }

    /** Everything the persona said and the phone heard, of one phone call, in lower case. */
    public static String heard(JsonNode phoneCall) {
        StringBuilder text = new StringBuilder();
        phoneCall
                .path("conversation")
                .valueStream()
                .filter(line -> line.path("who").asString().equals("persona"))
                .forEach(line -> text.append(line.path("text").asString()).append(' '));
        return text.toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return "call " + id;
    }
}
