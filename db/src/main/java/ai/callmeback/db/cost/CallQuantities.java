package ai.callmeback.db.cost;

import ai.callmeback.domain.call.CallDirection;
import ai.callmeback.domain.usage.UsageTotals;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns what a call used into quantities as the vendors bill them.
 *
 * <ul>
 *   <li>Twilio: started minutes of each connected dial, or of the call that came in (its {@code Duration} callback field, rounded up).
 *   <li>Deepgram: the audio sent, not rounded up; in minutes, as the price is, to the millionth of a minute.
 *   <li>LLM: prompt and completion tokens by model, cancelled requests included.
 *   <li>ElevenLabs: characters submitted, heard or not.
 *   <li>Platform: once per call.
 * </ul>
 */
public final class CallQuantities {

    private static final long SECONDS_PER_MINUTE = 60;
    private static final BigDecimal MS_PER_MINUTE = BigDecimal.valueOf(60_000);
    private static final int PLACES = 6;
    private static final String ANY_MODEL = "";

    /** Twilio asks another price for calls to our numbers; the rows of both stand under one operation. */
    private static final String INBOUND = "inbound";

    private CallQuantities() {}

    /**
     * @param connectedSeconds Twilio's own duration of each dial that was answered; empty if none was
     * @param complete every media leg has sent its last report; otherwise what it counted is marked as estimated
     * @return without the operations that were not used at all
     */
    public static List<CostInput> of(
            CallDirection direction, List<Long> connectedSeconds, UsageTotals totals, boolean complete) {
        long startedMinutes = connectedSeconds.stream()
                .mapToLong(seconds -> Math.ceilDiv(seconds, SECONDS_PER_MINUTE))
                .sum();
        List<CostInput> inputs = new ArrayList<>();
        String leg = direction == CallDirection.INBOUND ? INBOUND : ANY_MODEL;
        inputs.add(new CostInput("twilio", "voice", leg, BigDecimal.valueOf(startedMinutes), "minute", false));
        byModel(
                        totals.sttAudioMs(),
                        (model, ms) -> new CostInput(
                                "deepgram",
                                "listen",
                                model,
                                BigDecimal.valueOf(ms).divide(MS_PER_MINUTE, PLACES, RoundingMode.HALF_EVEN),
                                "minute",
                                !complete))
                .forEach(inputs::add);
        byModel(totals.llmPromptTokens(), (model, tokens) -> counted("llm", "prompt", model, tokens, "token", complete))
                .forEach(inputs::add);
        byModel(
                        totals.llmCompletionTokens(),
                        (model, tokens) -> counted("llm", "completion", model, tokens, "token", complete))
                .forEach(inputs::add);
        byModel(
                        totals.ttsCharacters(),
                        (model, characters) ->
                                counted("elevenlabs", "speech", model, characters, "character", complete))
                .forEach(inputs::add);
        inputs.add(new CostInput("platform", "call", ANY_MODEL, BigDecimal.ONE, "call", false));
        inputs.removeIf(input -> input.quantity().signum() == 0);
        return List.copyOf(inputs);
    }

    private static CostInput counted(
            String vendor, String operation, String model, long quantity, String unit, boolean complete) {
        return new CostInput(vendor, operation, model, BigDecimal.valueOf(quantity), unit, !complete);
    }

    private static List<CostInput> byModel(Map<String, Long> counters, Counted counted) {
        return new TreeMap<>(counters)
                .entrySet().stream()
                        .map(counter -> counted.input(counter.getKey(), counter.getValue()))
                        .toList();
    }

    private interface Counted {
        CostInput input(String model, long quantity);
    }
}
