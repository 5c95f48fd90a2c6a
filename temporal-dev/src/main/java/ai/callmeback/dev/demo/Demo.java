package ai.callmeback.dev.demo;

import ai.callmeback.dev.Endpoints;
import ai.callmeback.dev.StackException;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.EventStream;
import ai.callmeback.dev.client.SimulatorClient;
import ai.callmeback.dev.temporal.NamespaceSetup;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Places one immediate call and one a few seconds ahead through the public API, lets scripted callers talk, and waits
 * until both are settled. It looks at the simulators only to know what the phones really heard.
 */
public final class Demo {
    private static final String NOW_NUMBER = "+14155550101";
    private static final String LATER_NUMBER = "+14155550102";
    private static final Duration AHEAD = Duration.ofSeconds(8);
    private static final Duration BOTH_WITHIN = Duration.ofMinutes(5);
    private static final Duration LAST_EVENTS_WITHIN = Duration.ofSeconds(5);
    private static final long ASK_AGAIN_MILLIS = 1000;
    /** The next attempt may be minutes away; a demonstration that waits for it has failed already. */
    private static final Set<String> OVER =
            Set.of("completed", "canceled", "refused", "missed", "unanswered", "failed", "retry_wait");

    private final Endpoints endpoints;
    private final NamespaceSetup temporal;
    private final Instant commandBegan;
    private final Consumer<String> out;
    private final Semaphore stirred = new Semaphore(0);

    /**
     * @param temporal asked for its version, which the in-JVM test server has none of
     * @param out told line by line what happens, from several threads
     */
    public Demo(Endpoints endpoints, NamespaceSetup temporal, Instant commandBegan, Consumer<String> out) {
        this.endpoints = endpoints;
        this.temporal = temporal;
        this.commandBegan = commandBegan;
        this.out = out;
    }

    public DemoReport run() throws StackException, IOException, InterruptedException {
        URI simulatorsUri = endpoints.simulators();
        if (simulatorsUri == null) {
            throw new StackException(
                    "the demo's callers are scripted on the simulated telephone network, and every vendor"
                            + " is set to a real one; start with ./callmeback up and place a call from "
                            + endpoints.api());
        }
        SimulatorClient simulators = new SimulatorClient(simulatorsUri);
        simulators.script(NOW_NUMBER, "demo-immediate");
        simulators.script(LATER_NUMBER, "demo-scheduled");
        ApiClient api = ApiClient.demoUser(endpoints.api());
        Watch now = new Watch("[now]  ", NOW_NUMBER, out);
        Watch later = new Watch("[later]", LATER_NUMBER, out);
        long journalEnd = lastSequence(simulators);
        try (EventStream phones = simulators.journal("phone", journalEnd, event -> {
            now.phone(event);
            later.phone(event);
        })) {
            String nowId = place(api, NOW_NUMBER, "brad_001", "Help me to get going this morning.", null);
            String laterId = place(
                    api,
                    LATER_NUMBER,
                    "sarah_001",
                    "My plan for today.",
                    Instant.now().plus(AHEAD));
            List<String> problems = new ArrayList<>();
            try (EventStream nowEvents = api.events(nowId, stirring(now));
                    EventStream laterEvents = api.events(laterId, stirring(later))) {
                if (!awaitBoth(api, nowId, laterId)) {
                    problems.add("the calls were not over within " + BOTH_WITHIN.toMinutes() + " minutes");
                }
                for (EventStream events : List.of(nowEvents, laterEvents)) {
                    // The last events are on their way to whoever watches.
                    if (!events.awaitEnd(LAST_EVENTS_WITHIN)) {
                        problems.add("the events of a call did not end: "
                                + events.trouble().orElse("no end was sent"));
                    }
                }
            }
            problems.addAll(phones.trouble().stream().toList());
            return report(api, simulators, now, later, nowId, laterId, problems);
        }
    }

    private Consumer<EventStream.Event> stirring(Watch watch) {
        return event -> {
            watch.ours(event);
            stirred.release();
        };
    }

    private static long lastSequence(SimulatorClient simulators) throws IOException, InterruptedException {
        List<JsonNode> entries = simulators.journal("phone");
        return entries.isEmpty() ? 0 : entries.getLast().path("seq").asLong();
    }

    private String place(
            ApiClient api, String number, String persona, String pretext, @org.jspecify.annotations.Nullable Instant at)
            throws IOException, InterruptedException {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("personaId", persona);
        request.put("phoneNumber", number);
        request.put("durationMinutes", 3);
        request.put("pretext", pretext);
        if (at != null) {
            ZoneId zone =
                    ZoneId.systemDefault().getId().contains("/") ? ZoneId.systemDefault() : ZoneId.of("Europe/Paris");
            request.put(
                    "scheduledFor",
                    LocalDateTime.ofInstant(at, zone)
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString());
            request.put("timeZone", zone.getId());
        }
        JsonNode call = api.placeCall(request, "demo-" + UUID.randomUUID());
        String id = call.path("id").asString();
        out.accept((at == null ? "[now]  " : "[later]") + "  accepted as call " + id
                + (at == null ? "" : ", for " + request.get("scheduledFor") + " " + request.get("timeZone")));
        return id;
    }

    /** Asks how the calls stand at each event of either, and now and then without; false when the time is over. */
    private boolean awaitBoth(ApiClient api, String first, String second) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(BOTH_WITHIN);
        while (!(isOver(api, first) && isOver(api, second))) {
            if (Instant.now().isAfter(deadline)) {
                return false;
            }
            stirred.tryAcquire(ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            stirred.drainPermits();
        }
        return true;
    }

    private static boolean isOver(ApiClient api, String callId) throws IOException, InterruptedException {
        return OVER.contains(api.call(callId).path("status").asString());
    }

    private DemoReport report(
            ApiClient api,
            SimulatorClient simulators,
            Watch now,
            Watch later,
            String nowId,
            String laterId,
            List<String> problems)
            throws IOException, InterruptedException {
        JsonNode laterCall = api.call(laterId);
        String laterStatus = laterCall.path("status").asString();
        if (!laterStatus.equals("completed")) {
            problems.add("the scheduled call ended as " + laterStatus + " and not as completed");
        }
        List<JsonNode> calls = simulators.calls(NOW_NUMBER);
        JsonNode nowCall = api.call(nowId);
        if (calls.isEmpty()) {
            problems.add("the phone was never rung");
        }
        problems.addAll(laterDifferences(simulators, laterCall));
        List<Integer> latencies = new ArrayList<>(now.latenciesMillis());
        latencies.addAll(later.latenciesMillis());
        DemoReport.Seen seen = new DemoReport.Seen(
                nowCall,
                calls.isEmpty() ? nowCall.path("none") : calls.getLast(),
                now,
                latencies,
                api.audit(),
                commandBegan,
                temporal.serverVersion(),
                endpoints);
        return DemoReport.of(seen, problems);
    }

    private static List<String> laterDifferences(SimulatorClient simulators, JsonNode laterCall)
            throws IOException, InterruptedException {
        List<JsonNode> calls = simulators.calls(LATER_NUMBER);
        return calls.isEmpty()
                ? List.of("the phone of the scheduled call was never rung")
                : HeardTwice.differences(
                        HeardTwice.ofPhone(calls.getLast().path("conversation")),
                        HeardTwice.ofTranscript(laterCall.path("transcript")));
    }
}
