package ai.callmeback.simulators.tuning;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The vendors' speed.
 *
 * @param sttLatencyMillis from audio received to the message about it
 * @param sttEndOfTurnSilenceMillis 0: a model weighs silence and punctuation; else a turn ends after just so much silence
 * @param ttsFirstAudioMillis from the text that triggers generation to the first audio
 * @param ttsSpeed how much faster than real time audio is generated after that; 0: all at once
 * @param llmFirstTokenMillis from request to the first token
 * @param llmTokensPerSecond after the first; 0: all at once
 */
@ConfigurationProperties("simulators.tuning")
public record Tuning(
        @DefaultValue("120") int sttLatencyMillis,
        @DefaultValue("0") int sttEndOfTurnSilenceMillis,
        @DefaultValue("90") int ttsFirstAudioMillis,
        @DefaultValue("8") double ttsSpeed,
        @DefaultValue("180") int llmFirstTokenMillis,
        @DefaultValue("250") int llmTokensPerSecond) {

    /** Vendors that take no time at all; a turn ends after 200 ms of silence. */
    public static final Tuning ZERO_DELAY = new Tuning(0, 200, 0, 0, 0, 0);

    public Tuning {
        if (sttLatencyMillis < 0
                || sttEndOfTurnSilenceMillis < 0
                || ttsFirstAudioMillis < 0
                || ttsSpeed < 0
                || llmFirstTokenMillis < 0
                || llmTokensPerSecond < 0) {
            throw new IllegalArgumentException("a speed or a delay is negative");
        }
    }

    /** What to change; absent members stay as they are. {@code zeroDelay} is applied first. */
    public record Change(
            @Nullable Boolean zeroDelay,
            @Nullable Integer sttLatencyMillis,
            @Nullable Integer sttEndOfTurnSilenceMillis,
            @Nullable Integer ttsFirstAudioMillis,
            @Nullable Double ttsSpeed,
            @Nullable Integer llmFirstTokenMillis,
            @Nullable Integer llmTokensPerSecond) {}

    Tuning with(Change change) {
        Tuning base = Boolean.TRUE.equals(change.zeroDelay) ? ZERO_DELAY : this;
        return new Tuning(
                or(change.sttLatencyMillis, base.sttLatencyMillis),
                or(change.sttEndOfTurnSilenceMillis, base.sttEndOfTurnSilenceMillis),
                or(change.ttsFirstAudioMillis, base.ttsFirstAudioMillis),
                change.ttsSpeed == null ? base.ttsSpeed : change.ttsSpeed,
                or(change.llmFirstTokenMillis, base.llmFirstTokenMillis),
                or(change.llmTokensPerSecond, base.llmTokensPerSecond));
    }

    private static int or(@Nullable Integer changed, int unchanged) {
        return changed == null ? unchanged : changed;
    }
}
