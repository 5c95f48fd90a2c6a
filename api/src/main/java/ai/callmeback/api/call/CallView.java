package ai.callmeback.api.call;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call as its owner sees it.
 *
 * @param phoneNumber the number that was rung: the owner's, or the persona's if the owner rang
 * @param actions what can be asked of it now: {@code cancel}, {@code reschedule}, {@code hang_up}, {@code extend}
 * @param runningCostUsd what it has cost us so far, while it runs; an estimate
 * @param free whether trial credits pay all of it: a person's first call
 * @param lastEventId the newest id of its event stream
 */
@Schema(name = "Call")
@JsonInclude(JsonInclude.Include.NON_NULL)
record CallView(
        String id,
        String status,
        @Nullable String statusReason,
        boolean terminal,
        List<String> actions,
        String personaId,
        String phoneNumber,
        @Schema(allowableValues = {"outbound", "inbound"}) String direction,
        String pretext,
        int durationMinutes,
        int extendedMinutes,
        boolean immediate,
        Instant scheduledFor,
        @Nullable String localTime,
        @Nullable String timeZone,
        PolicyView callbackPolicy,
        int attempt,
        @Nullable RefusalView refusal,
        Instant createdAt,
        @Nullable Instant dueAt,
        @Nullable Instant answeredAt,
        @Nullable Instant endedAt,
        @Nullable String endedBy,
        @Nullable String endReason,
        @Nullable Settlement settlement,
        @Nullable Boolean free,
        @Nullable String summary,
        int lastEventId,
        @Nullable BigDecimal costTotalUsd,
        @Nullable BigDecimal runningCostUsd,
        @Nullable List<TurnView> transcript,
        @Nullable List<CostView> costs,
        @Nullable RecordingView recording) {

    @Schema(name = "CallbackPolicyInForce")
    record PolicyView(int maxAttempts, List<Integer> delaysSeconds, int giveUpAfterSeconds) {}

    @Schema(name = "Refusal")
    record RefusalView(String code, String message, String remedy) {}

    /** What was held, taken and given back, and why. */
    @Schema(name = "Settlement")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Settlement(
            String chargeDecision,
            @Nullable String chargeReason,

            @Schema(description = "by_the_second or whole_length; of what pays for the call, fixed when it was held")
            String chargePolicy,

            @Nullable Integer billedSeconds,
            @Nullable Integer chargedSeconds,
            CreditSeconds creditSeconds,
            @Nullable Instant settledAt) {}

    @Schema(name = "CreditSeconds")
    record CreditSeconds(int held, int captured, int released) {}

    /**
     * What is, or will be, recorded.
     *
     * @param consentAt when that was agreed to; absent once it is taken back
     * @param seconds of sound there are
     * @param keptUntil the first of it is deleted then
     */
    @Schema(name = "CallRecording")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RecordingView(
            @Nullable Instant consentAt,
            int seconds,
            @Nullable Instant keptUntil) {}

    /** One turn, as heard. */
    @Schema(name = "Turn")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TurnView(
            int turn,
            @Schema(allowableValues = {"user", "assistant"}) String speaker,
            String text,
            boolean interrupted,
            @Nullable Integer latencyMs,
            @Nullable TurnRecord record,
            Instant at) {}

    /**
     * Where the time of a turn of the persona went. Times count in milliseconds from the end of the turn of the user that
     * it answers, and are absent when it answers none.
     *
     * @param persona who spoke: another than the call's once it was handed over
     * @param quietMs from the user's last words to the end of the turn: what it took to be sure
     * @param firstWordsMs the language model's first words
     * @param firstSpeechMs the first sound of them from text-to-speech
     * @param firstAudioMs the first frame of it sent to the phone
     * @param heardMs how much of the turn the phone played, in milliseconds of speech
     * @param plannedCharacters handed to text-to-speech, heard or not
     * @param promptTokens given to the language model since the turn before, for answers that came to nothing too
     * @param guessed begun before the user's turn was surely over: times of it may lie before that, and are negative
     * @param fillers said while the model was late
     */
    @Schema(name = "TurnRecord")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record TurnRecord(
            @Nullable String persona,
            @Nullable Long quietMs,
            @Nullable Double firstWordsMs,
            @Nullable Double firstSpeechMs,
            @Nullable Double firstAudioMs,
            @Nullable Long heardMs,
            @Nullable Long plannedCharacters,
            @Nullable Long promptTokens,
            @Nullable Long completionTokens,
            @Nullable Integer fillers,
            @Nullable Boolean guessed) {}

    /** One vendor's bill for one operation. */
    @Schema(name = "CostLine")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CostView(
            String vendor,
            String operation,
            String model,
            int revision,
            BigDecimal quantity,
            String unit,
            @Nullable BigDecimal unitPriceUsd,
            @Nullable BigDecimal amountUsd,
            boolean estimated,
            @Nullable String missingReason) {}
}
