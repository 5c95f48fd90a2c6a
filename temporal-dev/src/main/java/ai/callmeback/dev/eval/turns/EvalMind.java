package ai.callmeback.dev.eval.turns;

import ai.callmeback.vendors.llm.LanguageModel;
import ai.callmeback.vendors.llm.LlmCall;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmListener;
import ai.callmeback.vendors.llm.LlmReply;
import ai.callmeback.vendors.llm.LlmRequest;
import ai.callmeback.vendors.llm.LlmUsage;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/** A model that says something of a usual length after a usual time; one answer in forty is late. */
final class EvalMind implements LanguageModel {
    private static final List<String> ANSWERS = List.of(
            "That makes sense. Tell me a little more about it, if you like, and take all the time you need.",
            "I see. What would you say is the hardest part of that for you, now that you look back at it?",
            "Good to hear! Let us stay with that for a moment. What made it work out so well this time?",
            "All right, I have got that. Is there anything else you would like to talk through before tomorrow morning?");

    private final Random random;

    EvalMind(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public LlmCall stream(LlmRequest request, EventLoop loop, LlmListener listener) {
        String answer = ANSWERS.get(random.nextInt(ANSWERS.size()));
        long due = random.nextInt(40) == 0 ? 1500 + random.nextInt(1500) : 120 + random.nextInt(280);
        boolean[] over = new boolean[1];
        for (String word : answer.split("(?<= )", -1)) {
            var unused = loop.schedule(
                    () -> {
                        if (!over[0]) {
                            listener.onEvent(new LlmEvent.Delta(word));
                        }
                    },
                    due,
                    TimeUnit.MILLISECONDS);
            due += 6;
        }
        var unused = loop.schedule(
                () -> {
                    if (!over[0]) {
                        over[0] = true;
                        listener.onEvent(new LlmEvent.Usage(new LlmUsage("eval", 100, 30, 0, false)));
                        listener.onEvent(new LlmEvent.Finished(LlmEvent.FinishReason.STOP, "eval"));
                    }
                },
                due,
                TimeUnit.MILLISECONDS);
        return new LlmCall() {
            @Override
            public void cancel() {
                if (!over[0]) {
                    over[0] = true;
                    listener.onEvent(new LlmEvent.Usage(new LlmUsage("eval", 100, 5, 0, true)));
                }
            }

            @Override
            public boolean isDone() {
                return over[0];
            }
        };
    }

    @Override
    public Mono<LlmReply> complete(LlmRequest request) {
        return Mono.empty();
    }
}
