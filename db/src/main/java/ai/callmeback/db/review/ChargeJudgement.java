package ai.callmeback.db.review;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a language model said about a call that the rules of charging leave open.
 *
 * @param verdict null: its answer could not be used, and the rules' default stands
 * @param confidence 0 to 1; null without a verdict
 * @param evidenceTurns numbers of the turns that show it; never words
 * @param failure why the answer could not be used, as a code; null with a verdict
 */
public record ChargeJudgement(
        @Nullable Verdict verdict,
        @Nullable BigDecimal confidence,
        List<Integer> evidenceTurns,
        @Nullable String model,
        @Nullable String failure,
        Instant at) {
    public ChargeJudgement {
        evidenceTurns = List.copyOf(evidenceTurns);
    }

    /** As the database and the model name them, in lower case. */
    public enum Verdict {
        NO_CONVERSATION,
        CONVERSATION
    }

    public static ChargeJudgement failed(String failure, @Nullable String model, Instant at) {
        return new ChargeJudgement(null, null, List.of(), model, failure, at);
    }
}
