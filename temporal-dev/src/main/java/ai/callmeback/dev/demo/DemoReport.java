package ai.callmeback.dev.demo;

import ai.callmeback.dev.Endpoints;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the demonstration found: the figures, as one JSON object, and what was not as it should be. */
public record DemoReport(Map<String, Object> figures, List<String> problems) {

    public boolean ok() {
        return problems.isEmpty();
    }

    /** What was seen of the first call, which the report is about. */
    record Seen(
            JsonNode call,
            JsonNode phoneCall,
            Watch watch,
            List<Integer> latenciesMillis,
            JsonNode audit,
            Instant commandBegan,
            String temporalVersion,
            Endpoints endpoints) {}

    static DemoReport of(Seen seen, List<String> problemsSoFar) {
        JsonNode call = seen.call();
        JsonNode settlement = call.path("settlement");
        List<String> differences = HeardTwice.differences(
                HeardTwice.ofPhone(seen.phoneCall().path("conversation")),
                HeardTwice.ofTranscript(call.path("transcript")));
        Map<String, Object> figures = new LinkedHashMap<>();
        String callId = call.path("id").asString();
        figures.put("callId", callId);
        figures.put("workflowId", "call-" + callId);
        Map<String, Object> temporal = new LinkedHashMap<>();
        temporal.put("kind", seen.temporalVersion().isEmpty() ? "test-server" : "server");
        temporal.put("version", seen.temporalVersion());
        temporal.put(
                "uiUrl",
                seen.endpoints().temporalUi() == null
                        ? null
                        : seen.endpoints().temporalUi().toString());
        figures.put("temporal", temporal);
        figures.put("status", call.path("status").asString());
        figures.put("turns", call.path("transcript").size());
        figures.put("interruptions", seen.watch().interruptions());
        figures.put("heardEqualsJournal", differences.isEmpty());
        figures.put("durationSeconds", talkSeconds(call));
        figures.put("billedSeconds", settlement.path("billedSeconds").asInt());
        figures.put("chargeDecision", settlement.path("chargeDecision").asString());
        figures.put("chargeReason", settlement.path("chargeReason").asString());
        figures.put("creditSeconds", creditSeconds(settlement.path("creditSeconds")));
        figures.put("costs", costs(call));
        figures.put("costTotalUsd", decimal(call.path("costTotalUsd")));
        figures.put("audit", audit(seen.audit()));
        figures.put("timingsMs", timings(seen));
        return new DemoReport(figures, problems(seen, differences, problemsSoFar));
    }

    private static long talkSeconds(JsonNode call) {
        String from = call.path("answeredAt").asString("");
        String to = call.path("endedAt").asString("");
        return from.isBlank() || to.isBlank()
                ? 0
                : Duration.between(Instant.parse(from), Instant.parse(to)).toSeconds();
    }

    private static Map<String, Object> creditSeconds(JsonNode credit) {
        Map<String, Object> figures = new LinkedHashMap<>();
        for (String name : List.of("held", "captured", "released")) {
            figures.put(name, credit.path(name).asInt());
        }
        return figures;
    }

    private static List<Map<String, Object>> costs(JsonNode call) {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (JsonNode cost : call.path("costs")) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("vendor", cost.path("vendor").asString());
            line.put("operation", cost.path("operation").asString());
            line.put("quantity", decimal(cost.path("quantity")));
            line.put("unit", cost.path("unit").asString());
            line.put("unitPriceUsd", decimal(cost.path("unitPriceUsd")));
            line.put("amountUsd", decimal(cost.path("amountUsd")));
            line.put("estimated", cost.path("estimated").asBoolean());
            lines.add(line);
        }
        return lines;
    }

    private static @org.jspecify.annotations.Nullable BigDecimal decimal(JsonNode node) {
        return node.isMissingNode() || node.isNull() ? null : new BigDecimal(node.asString());
    }

    private static Map<String, Object> audit(JsonNode audit) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("ok", audit.path("ok").asBoolean());
        figures.put("violations", audit.path("violations"));
        return figures;
    }

    private static Map<String, Object> timings(Seen seen) {
        Map<String, Object> timings = new LinkedHashMap<>();
        Instant firstWord = seen.watch().firstWord();
        timings.put(
                "commandToFirstWord",
                firstWord == null
                        ? null
                        : Duration.between(seen.commandBegan(), firstWord).toMillis());
        timings.put("endOfTurnToFirstAudioP50", percentile(seen.latenciesMillis(), 50));
        timings.put("endOfTurnToFirstAudioP95", percentile(seen.latenciesMillis(), 95));
        return timings;
    }

    /** The nearest-rank percentile; null of nothing. */
    static @org.jspecify.annotations.Nullable Integer percentile(List<Integer> values, int percent) {
        if (values.isEmpty()) {
            return null;
        }
        List<Integer> sorted = values.stream().sorted().toList();
        int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
        return sorted.get(Math.max(1, rank) - 1);
    }

    private static List<String> problems(Seen seen, List<String> differences, List<String> soFar) {
        List<String> problems = new ArrayList<>(soFar);
        problems.addAll(differences);
        JsonNode call = seen.call();
        expect(
                problems,
                call.path("status").asString().equals("completed"),
                "the call ended as " + call.path("status") + " and not as completed");
        expect(
                problems,
                seen.watch().callerTurns() >= 4,
                "the caller took " + seen.watch().callerTurns() + " turns and not four");
        expect(problems, seen.watch().interruptions() >= 1, "no interruption was noticed");
        JsonNode settlement = call.path("settlement");
        expect(
                problems,
                settlement.path("chargeDecision").asString().equals("charged"),
                "the charge decision was " + settlement.path("chargeDecision") + " for "
                        + settlement.path("chargeReason"));
        JsonNode credit = settlement.path("creditSeconds");
        expect(
                problems,
                credit.path("held").asInt()
                        == credit.path("captured").asInt()
                                + credit.path("released").asInt(),
                "captured and released do not add up to what was held: " + credit);
        expect(
                problems,
                call.path("costs").size() >= 5,
                "there are " + call.path("costs").size()
                        + " cost lines and not one for each of Twilio, Deepgram, LLM, ElevenLabs and the platform");
        expect(
                problems,
                seen.audit().path("ok").asBoolean(),
                "the ledger audit failed: " + seen.audit().path("violations"));
        return problems;
    }

    private static void expect(List<String> problems, boolean right, String otherwise) {
        if (!right) {
            problems.add(otherwise);
        }
    }
}
