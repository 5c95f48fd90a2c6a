package ai.callmeback.vendors.llm;

import ai.callmeback.vendors.VendorFault;

/**
 * What a streamed answer reports. Each vendor request that ran ends in exactly one {@link Usage}, whether it finished,
 * failed or was cancelled (one that was refused, or never arrived, costs nothing and has none); then, unless cancelled, the answer ends with {@link Finished} or {@link Failed}.
 */
public sealed interface LlmEvent {

    /** Text to speak, never empty, never the model's reasoning. May hold several sentences. */
    record Delta(String text) implements LlmEvent {}

    /**
     * A complete tool call.
     *
     * @param id the vendor's, or one made up if it gave none
     * @param argumentsJson one JSON object, checked to be well formed; {@code {}} if the model gave none
     */
    record ToolCall(String id, String name, String argumentsJson) implements LlmEvent {}

    /** What one vendor request cost. */
    record Usage(LlmUsage usage) implements LlmEvent {}

    /** A model failed before it said anything, and the next one is being asked. */
    record FellBack(String fromModel, String toModel, VendorFault fault) implements LlmEvent {}

    /** The answer is complete. */
    record Finished(FinishReason reason, String model) implements LlmEvent {}

    /** The answer is broken off; {@code spoken} says whether any delta was delivered before. */
    record Failed(VendorFault fault, boolean spoken) implements LlmEvent {}

    /** Why the model stopped. */
    enum FinishReason {
        STOP,
        LENGTH,
        TOOL_CALLS,
        CONTENT_FILTER,
        /** A reason we do not know; the answer is complete all the same. */
        OTHER
    }
}
