package ai.callmeback.dev.chaos;

import ai.callmeback.dev.client.SimulatorClient;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import tools.jackson.databind.JsonNode;

/**
 * What vendors bill for, as "vendor operation" to quantity: once as our cost lines have it, once as the simulators'
 * journals have it. Deepgram's minutes are told in milliseconds, so that both are whole numbers.
 */
public final class Billed {
    private static final BigDecimal MINUTE_MILLIS = BigDecimal.valueOf(60_000);

    private Billed() {}

    public static Map<String, Long> byCostLines(List<JsonNode> calls) {
        Map<String, Long> quantities = new TreeMap<>();
        for (JsonNode call : calls) {
            for (JsonNode line : call.path("costs")) {
                String vendor = line.path("vendor").asString();
                BigDecimal quantity = new BigDecimal(line.path("quantity").asString());
                BigDecimal whole = vendor.equals("deepgram") ? quantity.multiply(MINUTE_MILLIS) : quantity;
                quantities.merge(
                        vendor + " " + line.path("operation").asString(),
                        whole.setScale(0, RoundingMode.HALF_EVEN).longValueExact(),
                        Long::sum);
            }
        }
        return quantities;
    }

    public static Map<String, Long> byJournals(SimulatorClient simulators, int calls, Instant since)
            throws IOException, InterruptedException {
        List<JsonNode> answers = entries(simulators, since, "llm", "completion");
        return new TreeMap<>(Map.of(
                "platform call", (long) calls,
                "twilio voice",
                        sum(
                                entries(simulators, since, "twilio", "call.ended"),
                                call -> Math.ceilDiv(
                                        call.path("durationSeconds").asLong(), 60L)),
                "deepgram listen",
                        sum(
                                entries(simulators, since, "deepgram", "session.closed"),
                                session -> session.path("audioMs").asLong()),
                "elevenlabs speech",
                        sum(
                                entries(simulators, since, "elevenlabs", "generation"),
                                spoken -> spoken.path("characters").asLong()),
                "llm prompt", sum(answers, answer -> answer.path("promptTokens").asLong()),
                "llm completion",
                        sum(answers, answer -> answer.path("completionTokens").asLong())));
    }

    private static List<JsonNode> entries(SimulatorClient simulators, Instant since, String vendor, String kind)
            throws IOException, InterruptedException {
        return simulators.journal(vendor).stream()
                .filter(entry -> ObservedCall.at(entry).isAfter(since))
                .filter(entry -> entry.path("kind").asString().equals(kind))
                .map(entry -> entry.path("detail"))
                .toList();
    }

    private static long sum(List<JsonNode> details, ToLongFunction<JsonNode> quantity) {
        return details.stream().mapToLong(quantity).sum();
    }
}
