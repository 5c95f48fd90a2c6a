package ai.callmeback.vendors.llm;

import ai.callmeback.vendors.VendorFault;
import java.util.List;

/** Outcome of {@link LanguageModel#complete}. {@code usages} has one entry per vendor request that ran, failed ones too. */
public sealed interface LlmReply {

    List<LlmUsage> usages();

    record Answered(String text, LlmEvent.FinishReason reason, String model, List<LlmUsage> usages)
            implements LlmReply {
        @Override
        public String toString() {
            return "Answered[" + text.length() + " characters, " + reason + ", " + model + "]";
        }
    }

    record Failed(VendorFault fault, List<LlmUsage> usages) implements LlmReply {}
}
