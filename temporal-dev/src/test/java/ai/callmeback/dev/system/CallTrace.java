package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.dev.system.Collector.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the trace of one settled call must be: one tree, from the request to the sound of each turn. */
final class CallTrace {
    private static final Duration SENT_WITHIN = Duration.ofSeconds(30);

    private CallTrace() {}

    static void assertWhole(Collector collector, JsonNode call) {
        String id = call.path("id").asString();
        await("the trace of call " + id).atMost(SENT_WITHIN).untilAsserted(() -> {
            Map<String, Span> trace = collector.trace(id);
            assertThat(trace.values())
                    .extracting(Span::name)
                    .contains(
                            "outbox start",
                            "CallWorkflow",
                            "Settle",
                            "leg",
                            "turn",
                            "end of turn",
                            "first token",
                            "first speech",
                            "playing");
            assertThat(trace.values().stream().filter(span -> span.parent().isEmpty()))
                    .as("one begin")
                    .hasSize(1);
            assertThat(trace.values())
                    .allSatisfy(span -> assertThat(way(trace, span))
                            .as(span.name())
                            .last()
                            .asString()
                            .startsWith("POST /"));
        });
        Map<String, Span> trace = collector.trace(id);
        Span playing = trace.values().stream()
                .filter(span -> span.name().equals("playing"))
                .findFirst()
                .orElseThrow();
        assertThat(way(trace, playing))
                .containsSubsequence("playing", "turn", "leg", "CallWorkflow", "outbox start")
                .hasSize(6);
        assertThat(trace.values().stream().map(Span::service).distinct())
                .containsExactlyInAnyOrder("callmeback-api", "call-worker", "callmeback-voice-worker");
        assertTellsNothing(trace, call);
    }

    /** I10: neither the number nor a word that was spoken. */
    private static void assertTellsNothing(Map<String, Span> trace, JsonNode call) {
        List<String> personal = new ArrayList<>();
        personal.add(call.path("phoneNumber").asString().substring(1));
        call.path("transcript")
                .valueStream()
                .map(turn -> turn.path("text").asString())
                .forEach(personal::add);
        assertThat(trace.values().stream().flatMap(span -> span.texts().stream()))
                .noneMatch(text -> personal.stream().anyMatch(text::contains));
    }

    /** From a span up to where its trace begins, by name. */
    private static List<String> way(Map<String, Span> trace, Span from) {
        List<String> names = new ArrayList<>();
        for (Span span = from; span != null && names.size() < trace.size(); span = trace.get(span.parent())) {
            names.add(span.name());
        }
        return names;
    }
}
