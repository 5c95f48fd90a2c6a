package ai.callmeback.voice.mind;

import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.llm.LanguageModel;
import ai.callmeback.vendors.llm.LlmCall;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmMessage;
import ai.callmeback.vendors.llm.LlmRequest;
import ai.callmeback.vendors.llm.LlmTool;
import ai.callmeback.vendors.llm.LlmUsage;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the language model for the agent's next turn. One answer at a time: asking again cancels the one before, whose
 * tokens still count.
 */
public final class Mind {
    static final String END_CALL = "end_call";

    /** A filler takes a second, and three of silence are too many. */
    private static final long LATER_MILLIS = 2_800;

    /** In one turn; then the model has to speak. */
    private static final int TOOLS_MOST = 3;

    /** Carried out by whoever listens, as soon as it is asked for. */
    public static final LlmTool END_CALL_TOOL = new LlmTool(
            END_CALL,
            "Hang up. Say goodbye first, in the same answer. Use it when the person wants to end the call.",
            """
            {"type":"object","properties":{"reason":{"type":"string"}},"required":["reason"],\
            "additionalProperties":false}""");

    private static final VendorFault CALLS_ON =
            VendorFault.of("llm", VendorFault.Kind.PROTOCOL, "calls functions it was not offered, and says nothing");

    private final CallLoop loop;
    private final LanguageModel model;
    private Brief.Mind character;
    private final Conversation conversation;
    private final Supplier<List<LlmTool>> tools;
    private final Listener listener;
    private final List<LlmMessage> toolTalk = new ArrayList<>();
    private final Map<String, Long> promptTokens = new TreeMap<>();
    private final Map<String, Long> completionTokens = new TreeMap<>();
    private @Nullable Answer current;

    /** @param tools what may be called, {@link #END_CALL_TOOL} included */
    public Mind(
            CallLoop loop,
            LanguageModel model,
            Brief.Mind character,
            Conversation conversation,
            Supplier<List<LlmTool>> tools,
            Listener listener) {
        this.tools = tools;
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

        /** The model has said what it had to say, and waits for what comes of this: {@link Mind#goOn}. */
        void onToolAsked(int turn, LlmEvent.ToolCall call);

        /** The model has said nothing for too long, or for too long again. */
        void onLate(int turn);

        /** No model answered, or the answer broke off after some words. */
        void onFailed(int turn, VendorFault fault, boolean spoken);

        /** A model was replaced by the next before it said anything. */
        void onFellBack(VendorFault fault);
    }

    /** Thinks as somebody else from the next answer on; the conversation stays. */
    public void become(Brief.Mind next) {
        cancel();
        toolTalk.clear();
        character = next;
    }

    /**
     * Asks for the given turn.
     *
     * @param note an instruction for this answer only
     * @param lateAfterMillis after so long without a word {@link Listener#onLate} is told
     */
    public void answer(int turn, @Nullable String note, long lateAfterMillis) {
        toolTalk.clear();
        ask(turn, note, lateAfterMillis);
    }

    /** Tells the model what came of the function it called in this turn, and asks for the rest of its answer. */
    public void goOn(int turn, LlmEvent.ToolCall call, String resultJson, long lateAfterMillis) {
        toolTalk.add(new LlmMessage.Assistant("", List.of(call)));
        toolTalk.add(new LlmMessage.ToolResult(call.id(), resultJson));
        ask(turn, null, lateAfterMillis);
    }

    private void ask(int turn, @Nullable String note, long lateAfterMillis) {
        cancel();
        Answer answer = new Answer(turn);
        current = answer;
        listener.onAsked(turn);
        List<LlmMessage> messages = conversation.messages(character.systemPrompt(), note);
        messages.addAll(toolTalk);
        LlmRequest request = new LlmRequest(
                character.model().isEmpty() ? List.of() : List.of(character.model()),
                messages,
                mayCall() ? tools.get() : List.of(END_CALL_TOOL),
                character.temperature().doubleValue(),
                character.maxTokens(),
                null);
        LlmCall call = model.stream(request, loop.eventLoop(), answer);
        if (current == answer && !answer.over) {
            answer.call = call;
            answer.late = loop.after(lateAfterMillis, answer::late);
        }
    }

    private boolean mayCall() {
        return toolTalk.size() < 2 * TOOLS_MOST;
    }

    /** Whether more words of an answer may come. */
    public boolean isAnswering() {
        return current != null;
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

    /** Adds what a request to a model has cost, one of this mind or one made beside it. */
    public void count(LlmUsage usage) {
        promptTokens.merge(usage.model(), usage.promptTokens(), Long::sum);
        completionTokens.merge(usage.model(), usage.completionTokens(), Long::sum);
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
        /** One at a time: of several the first. */
        private LlmEvent.@Nullable ToolCall asked;

        private boolean callsOn;
        private boolean spoken;
        private boolean over;

        Answer(int turn) {
            this.turn = turn;
        }

        @Override
        public void onEvent(LlmEvent event) {
            if (event instanceof LlmEvent.Usage usage) {
                Mind.this.count(usage.usage());
                return;
            }
            if (current != this) {
                return;
            }
            switch (event) {
                case LlmEvent.Delta delta -> {
                    spoken = true;
                    stopWaiting();
                    listener.onWords(turn, delta.text());
                }
                case LlmEvent.ToolCall tool -> {
                    stopWaiting();
                    if (tool.name().equals(END_CALL)) {
                        listener.onEndCall(turn);
                    } else if (mayCall()) {
                        asked = asked == null ? tool : asked;
                    } else {
                        callsOn = true;
                    }
                }
                case LlmEvent.FellBack fellBack -> listener.onFellBack(fellBack.fault());
                case LlmEvent.Finished finished -> {
                    end();
                    if (asked != null) {
                        listener.onToolAsked(turn, asked);
                    } else if (callsOn && !spoken) {
                        listener.onFailed(turn, CALLS_ON, false);
                    } else {
                        listener.onAnswered(turn);
                    }
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
                late = loop.after(LATER_MILLIS, this::late);
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
    }
}
