package ai.callmeback.voice.mind;

import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.llm.LanguageModel;
import ai.callmeback.vendors.llm.LlmCall;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmRequest;
import ai.callmeback.vendors.llm.LlmTool;
import ai.callmeback.vendors.llm.LlmUsage;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks the language model for the agent's next turn. One answer at a time: asking again cancels the one before, whose
 * tokens still count.
 */
public final class Mind {
    static final String END_CALL = "end_call";

    private static final List<LlmTool> TOOLS = List.of(new LlmTool(
            END_CALL,
            "Hang up. Say goodbye first, in the same answer. Use it when the person wants to end the call.",
            """
            {"type":"object","properties":{"reason":{"type":"string"}},"required":["reason"],\
            "additionalProperties":false}"""));

    private final CallLoop loop;
    private final LanguageModel model;
    private final Brief.Mind character;
    private final Conversation conversation;
    private final Listener listener;
    private final Map<String, Long> promptTokens = new TreeMap<>();
    private final Map<String, Long> completionTokens = new TreeMap<>();
    private @Nullable Answer current;

    public Mind(
            CallLoop loop, LanguageModel model, Brief.Mind character, Conversation conversation, Listener listener) {
        this.loop = loop;
        this.model = model;
        this.character = character;
        this.conversation = conversation;
        this.listener = listener;
    }

    /** What the mind reports, of the turn it was last asked for only. */
    public interface Listener {
        void onAsked(int turn);

        void onWords(int turn, String text);

        void onAnswered(int turn);

        void onEndCall(int turn);

        /** The model has said nothing for too long. */
        void onLate(int turn);

        /** No model answered, or the answer broke off after some words. */
        void onFailed(int turn, VendorFault fault, boolean spoken);

        /** A model was replaced by the next before it said anything. */
        void onFellBack(VendorFault fault);
    }

    /**
     * Asks for the given turn.
     *
     * @param note an instruction for this answer only
     * @param lateAfterMillis after so long without a word {@link Listener#onLate} is told
     */
    public void answer(int turn, @Nullable String note, long lateAfterMillis) {
        cancel();
        Answer answer = new Answer(turn);
        current = answer;
        listener.onAsked(turn);
        LlmRequest request = new LlmRequest(
                List.of(),
                conversation.messages(character.systemPrompt(), note),
                TOOLS,
                character.temperature().doubleValue(),
                character.maxTokens(),
                null);
        LlmCall call = model.stream(request, loop.eventLoop(), answer);
        if (current == answer && !answer.over) {
            answer.call = call;
            answer.late = loop.after(lateAfterMillis, answer::late);
        }
    }

    /** Gives the answer up; what it cost so far is counted before this returns. */
    public void cancel() {
        Answer answer = current;
        if (answer == null) {
            return;
        }
        current = null;
        answer.stopWaiting();
        if (answer.call != null) {
            answer.call.cancel();
        }
    }

    public boolean isThinking() {
        return current != null;
    }

    public Map<String, Long> promptTokensByModel() {
        return promptTokens;
    }

    public Map<String, Long> completionTokensByModel() {
        return completionTokens;
    }

    private final class Answer implements ai.callmeback.vendors.llm.LlmListener {
        private final int turn;
        private @Nullable LlmCall call;
        private @Nullable Timer late;
        private boolean over;

        Answer(int turn) {
            this.turn = turn;
        }

        @Override
        public void onEvent(LlmEvent event) {
            if (event instanceof LlmEvent.Usage usage) {
                count(usage.usage());
                return;
            }
            if (current != this) {
                return;
            }
            switch (event) {
                case LlmEvent.Delta delta -> {
                    stopWaiting();
                    listener.onWords(turn, delta.text());
                }
                case LlmEvent.ToolCall tool -> {
                    stopWaiting();
                    if (tool.name().equals(END_CALL)) {
                        listener.onEndCall(turn);
                    }
                }
                case LlmEvent.FellBack fellBack -> listener.onFellBack(fellBack.fault());
                case LlmEvent.Finished finished -> {
                    end();
                    listener.onAnswered(turn);
                }
                case LlmEvent.Failed failed -> {
                    end();
                    listener.onFailed(turn, failed.fault(), failed.spoken());
                }
                case LlmEvent.Usage counted -> {}
            }
        }

        void late() {
            late = null;
            if (current == this) {
                listener.onLate(turn);
            }
        }

        void stopWaiting() {
            if (late != null) {
                late.cancel();
                late = null;
            }
        }

        private void end() {
            over = true;
            stopWaiting();
            current = null;
        }

        private void count(LlmUsage usage) {
            promptTokens.merge(usage.model(), usage.promptTokens(), Long::sum);
            completionTokens.merge(usage.model(), usage.completionTokens(), Long::sum);
        }
    }
}
