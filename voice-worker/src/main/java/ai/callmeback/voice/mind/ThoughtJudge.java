package ai.callmeback.voice.mind;

import ai.callmeback.vendors.llm.LanguageModel;
import ai.callmeback.vendors.llm.LlmCall;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmListener;
import ai.callmeback.vendors.llm.LlmMessage;
import ai.callmeback.vendors.llm.LlmRequest;
import ai.callmeback.vendors.llm.LlmUsage;
import ai.callmeback.voice.ears.Thoughts;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the language model, beside the answer it is already thinking of, whether the user has finished a thought. It has
 * {@value #DEADLINE_MILLIS} ms; after that, and when it fails or says something else, nothing is known. What was asked is
 * paid for in either case, and counted.
 */
public final class ThoughtJudge implements Thoughts {
    static final long DEADLINE_MILLIS = 150;

    /** One word; the rest is for models that cannot but think first. */
    private static final int TOKENS_MOST = 40;

    private static final String QUESTION =
            "Somebody on the phone has paused. You are told what they were asked, and what they have said so far. Reply "
                    + "with one word: yes if what they said is a whole thought that wants an answer now, no if they are "
                    + "in the middle of it and will go on.";

    private final CallLoop loop;
    private final LanguageModel model;
    private final BooleanSupplier wanted;
    private final Supplier<String> lastWordsOfAgent;
    private final Listener listener;
    private @Nullable Question current;

    /**
     * @param wanted whether the engine in use leaves the end of a thought open
     * @param lastWordsOfAgent what the user was asked, or told; empty if nothing was
     */
    public ThoughtJudge(
            CallLoop loop,
            LanguageModel model,
            BooleanSupplier wanted,
            Supplier<String> lastWordsOfAgent,
            Listener listener) {
        this.loop = loop;
        this.model = model;
        this.wanted = wanted;
        this.lastWordsOfAgent = lastWordsOfAgent;
        this.listener = listener;
    }

    /** Told what it costs. */
    public interface Listener {
        void onAsked();

        void onUsage(LlmUsage usage);
    }

    @Override
    public boolean areWanted() {
        return wanted.getAsBoolean();
    }

    @Override
    public void ask(String said, Consumer<Verdict> answer) {
        cancel();
        Question question = new Question(answer);
        current = question;
        listener.onAsked();
        LlmRequest request = new LlmRequest(
                List.of(),
                List.of(
                        new LlmMessage.SystemPrompt(QUESTION),
                        new LlmMessage.User("Asked: " + lastWordsOfAgent.get() + "\nSaid so far: " + said)),
                List.of(),
                0,
                TOKENS_MOST,
                null);
        LlmCall call = model.stream(request, loop.eventLoop(), question);
        if (current == question) {
            question.call = call;
            question.deadline = loop.after(DEADLINE_MILLIS, () -> question.decide(Verdict.UNKNOWN));
        }
    }

    @Override
    public void cancel() {
        Question question = current;
        if (question != null) {
            question.end();
        }
    }

    private final class Question implements LlmListener {
        private final Consumer<Verdict> answer;
        private final StringBuilder text = new StringBuilder();
        private @Nullable LlmCall call;
        private @Nullable Timer deadline;

        Question(Consumer<Verdict> answer) {
            this.answer = answer;
        }

        @Override
        public void onEvent(LlmEvent event) {
            switch (event) {
                case LlmEvent.Usage usage -> listener.onUsage(usage.usage());
                case LlmEvent.Delta delta -> {
                    text.append(delta.text());
                    Verdict verdict = verdict(text.toString());
                    if (verdict != Verdict.UNKNOWN) {
                        decide(verdict);
                    }
                }
                case LlmEvent.Finished finished -> decide(Verdict.UNKNOWN);
                case LlmEvent.Failed failed -> decide(Verdict.UNKNOWN);
                case LlmEvent.FellBack other -> {}
                case LlmEvent.ToolCall none -> {}
            }
        }

        void decide(Verdict verdict) {
            if (current == this) {
                end();
                answer.accept(verdict);
            }
        }

        void end() {
            current = null;
            if (deadline != null) {
                deadline.cancel();
            }
            if (call != null && !call.isDone()) {
                call.cancel();
            }
        }
    }

    private static Verdict verdict(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        return word.startsWith("yes") ? Verdict.WHOLE : word.startsWith("no") ? Verdict.UNFINISHED : Verdict.UNKNOWN;
    }
}
