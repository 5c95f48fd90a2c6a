package ai.callmeback.simulators.llm;

import ai.callmeback.simulators.tuning.Tuning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** When the events of a stream leave: the first after a while, the rest at the model's speed, some at a time. */
record Pace(int firstMillis, int tokensPerSecond, int flushMillis) {
    static Pace of(Tuning tuning, int flushMillis) {
        return new Pace(tuning.llmFirstTokenMillis(), tuning.llmTokensPerSecond(), flushMillis);
    }

    /** Server-sent events as text, in flushes; {@code generated} counts the tokens of what has left. */
    Flux<String> pace(List<ChatStream.Event> events, AtomicInteger generated) {
        Flux<String> flushes = Flux.fromIterable(flushes(events))
                .index()
                .concatMap(
                        flush -> flush.getT1() == 0 || tokensPerSecond == 0
                                ? Mono.just(flush.getT2())
                                : Mono.delay(Duration.ofMillis(flushMillis)).thenReturn(flush.getT2()),
                        1)
                .map(flush -> written(flush, generated));
        return firstMillis == 0
                ? flushes
                : Mono.delay(Duration.ofMillis(firstMillis)).thenMany(flushes);
    }

    private List<List<ChatStream.Event>> flushes(List<ChatStream.Event> events) {
        int perFlush = tokensPerSecond == 0 ? events.size() : Math.max(1, tokensPerSecond * flushMillis / 1000);
        List<List<ChatStream.Event>> flushes = new ArrayList<>();
        for (int from = 0; from < events.size(); from += perFlush) {
            flushes.add(events.subList(from, Math.min(events.size(), from + perFlush)));
        }
        return flushes;
    }

    private static String written(List<ChatStream.Event> flush, AtomicInteger generated) {
        StringBuilder text = new StringBuilder();
        for (ChatStream.Event event : flush) {
            text.append("data: ").append(event.data()).append("\n\n");
            generated.addAndGet(event.tokens());
        }
        return text.toString();
    }
}
