package ai.callmeback.dev.chaos;

import ai.callmeback.dev.chaos.CallRecord.Leg;
import ai.callmeback.dev.chaos.CallRecord.Outcome;
import ai.callmeback.dev.chaos.CallRecord.Said;
import ai.callmeback.dev.chaos.CallRecord.Settlement;
import ai.callmeback.dev.chaos.CallRecord.Span;
import ai.callmeback.dev.chaos.CallRecord.Turn;
import ai.callmeback.dev.chaos.CallRecord.Word;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what both sides know of a call that is over, from our API and the simulators' journals. */
final class CallRecords {
    /** Closed by us before anything was claimed: the telephony went on to the next worker, and nothing was carried. */
    private static final int TRY_AGAIN = 1013;

    private CallRecords() {}

    /** When the phone was answered: the zero of the call's own clock. Empty if it never was. */
    static Optional<Instant> answeredAt(ObservedCall call) throws IOException, InterruptedException {
        return call.phone("phone.answered").stream().map(ObservedCall::at).findFirst();
    }

    static CallRecord read(String name, ObservedCall call, Instant answered) throws IOException, InterruptedException {
        JsonNode view = call.view();
        List<JsonNode> ended = call.twilio("call.ended");
        List<JsonNode> phones = call.phoneCalls();
        return new CallRecord(
                name,
                view.path("transcript")
                        .valueStream()
                        .map(turn -> new Turn(
                                turn.path("speaker").asString().equals("assistant"),
                                turn.path("text").asString(),
                                turn.path("interrupted").asBoolean()))
                        .toList(),
                call.phone("heard.word").stream()
                        .map(word -> new Word(word.path("detail").path("word").asString(), number(word, "atMillis")))
                        .toList(),
                sounds(call.phone("heard"), call.phone("heard.pause")),
                call.phone("said").stream()
                        // Cut off by the end of the call: nobody knows how much of it was on the line.
                        .filter(said -> !said.path("detail").path("interrupted").asBoolean())
                        .map(said -> new Said(said.path("detail").path("text").asString(), span(said)))
                        .toList(),
                legs(call, answered),
                new Outcome(
                        view.path("status").asString(),
                        call.phone("phone.ringing").size(),
                        !call.phone("phone.hung-up").isEmpty(),
                        phones.isEmpty()
                                ? 0
                                : phones.getLast().path("talkMillis").asLong(),
                        ended.stream()
                                .mapToLong(entry -> number(entry, "durationSeconds"))
                                .sum(),
                        settlement(view.path("settlement"))));
    }

    private static long number(JsonNode entry, String name) {
        return entry.path("detail").path(name).asLong();
    }

    private static Span span(JsonNode entry) {
        return new Span(number(entry, "startMillis"), number(entry, "endMillis"));
    }

    /** Utterances, divided at their pauses. */
    static List<Span> sounds(List<JsonNode> utterances, List<JsonNode> pauses) {
        List<Span> silent = pauses.stream().map(CallRecords::span).toList();
        List<Span> sounds = new ArrayList<>();
        for (JsonNode utterance : utterances) {
            Span whole = span(utterance);
            long from = whole.startMillis();
            for (Span pause : silent) {
                if (pause.startMillis() >= from && pause.endMillis() <= whole.endMillis()) {
                    sounds.add(new Span(from, pause.startMillis()));
                    from = pause.endMillis();
                }
            }
            sounds.add(new Span(from, whole.endMillis()));
        }
        return sounds;
    }

    private static List<Leg> legs(ObservedCall call, Instant answered) throws IOException, InterruptedException {
        Map<String, Integer> ports = new HashMap<>();
        for (JsonNode entry : call.twilio("stream.connecting")) {
            ports.put(stream(entry), ObservedCall.port(entry));
        }
        Map<String, JsonNode> ends = new HashMap<>();
        for (JsonNode entry : call.twilio("stream.ended")) {
            ends.put(stream(entry), entry);
        }
        List<Leg> legs = new ArrayList<>();
        for (JsonNode entry : call.twilio("stream.started")) {
            @Nullable JsonNode end = ends.get(stream(entry));
            if (end == null || number(end, "closeCode") != TRY_AGAIN) {
                legs.add(new Leg(
                        Objects.requireNonNull(ports.get(stream(entry))),
                        millis(answered, entry),
                        end == null ? Long.MAX_VALUE : millis(answered, end)));
            }
        }
        return legs;
    }

    private static String stream(JsonNode entry) {
        return entry.path("detail").path("streamSid").asString();
    }

    static long millis(Instant answered, JsonNode entry) {
        return Duration.between(answered, ObservedCall.at(entry)).toMillis();
    }

    private static @Nullable Settlement settlement(JsonNode settled) {
        if (!settled.path("settledAt").isString()) {
            return null;
        }
        JsonNode credit = settled.path("creditSeconds");
        return new Settlement(
                settled.path("chargeDecision").asString(),
                settled.path("chargeReason").asString(),
                settled.path("billedSeconds").asLong(),
                settled.path("chargedSeconds").asLong(),
                credit.path("held").asLong(),
                credit.path("captured").asLong(),
                credit.path("released").asLong());
    }
}
