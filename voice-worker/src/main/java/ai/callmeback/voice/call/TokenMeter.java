package ai.callmeback.voice.call;

import ai.callmeback.voice.mind.Mind;
import java.util.Map;

/** Tells turns apart in a mind's running totals: what was used since the turn before, guesses that came to nothing too. */
final class TokenMeter {
    private long promptBefore;
    private long completionBefore;

    /** Tokens of one turn. */
    record Used(long prompt, long completion) {}

    Used sinceLast(Mind mind) {
        long prompt = sum(mind.promptTokensByModel());
        long completion = sum(mind.completionTokensByModel());
        Used used = new Used(prompt - promptBefore, completion - completionBefore);
        promptBefore = prompt;
        completionBefore = completion;
        return used;
    }

    private static long sum(Map<String, Long> byModel) {
        long sum = 0;
        for (long tokens : byModel.values()) {
            sum += tokens;
        }
        return sum;
    }
}
