package ai.callmeback.activities.call;

import ai.callmeback.db.usage.UsageStore;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.domain.usage.UsageTotals;
import ai.callmeback.vendors.llm.LlmReply;
import ai.callmeback.vendors.llm.LlmUsage;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** What a language model was asked outside the talk: its tokens are the call's cost, whatever came of the answer. */
record ModelUsage(UsageStore usage, InstantSource clock) {

    /**
     * Keeps it; before the answer is used, so that a try that dies then has paid for itself.
     *
     * @param leg of this try alone
     * @return whether there was anything to keep
     */
    boolean keep(CallId callId, int leg, LlmReply reply) {
        List<LlmUsage> usages = reply.usages();
        if (usages.isEmpty()) {
            return false;
        }
        var totals = new UsageTotals(
                Map.of(),
                byModel(usages, LlmUsage::promptTokens),
                byModel(usages, LlmUsage::completionTokens),
                Map.of());
        Answers.of(usage.record(new UsageReport(callId, leg, 1, clock.instant(), 0, true, totals)));
        return true;
    }

    private static Map<String, Long> byModel(List<LlmUsage> usages, ToLongFunction<LlmUsage> tokens) {
        return usages.stream().collect(Collectors.toMap(LlmUsage::model, tokens::applyAsLong, Long::sum));
    }
}
