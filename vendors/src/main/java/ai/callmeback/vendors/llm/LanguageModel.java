package ai.callmeback.vendors.llm;

import io.netty.channel.EventLoop;
import reactor.core.publisher.Mono;

/** Port: a chat model behind an OpenAI-compatible interface. */
public interface LanguageModel {

    /**
     * Starts a streamed answer and returns at once. The call is confined to {@code loop}: its methods must be called
     * there and every event arrives there. Before the first {@link LlmEvent.Delta} or {@link LlmEvent.ToolCall} a
     * failing model is replaced by the next of {@link LlmRequest#models()} and those configured; afterwards a failure is
     * final, because what was said cannot be unsaid.
     */
    LlmCall stream(LlmRequest request, EventLoop loop, LlmListener listener);

    /**
     * One whole answer, for work outside a conversation (summaries, judgements). Runs on loops of its own. Tries each
     * model of the request in turn; the last fault arrives as {@link LlmReply.Failed}, never as an error.
     */
    Mono<LlmReply> complete(LlmRequest request);
}
