package ai.callmeback.activities.call;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Waiting for reactive answers on an activity's own (virtual) thread, never without a deadline. */
final class Answers {
    private static final Duration DATABASE = Duration.ofSeconds(8);

    private Answers() {}

    static <T> T of(Mono<T> answer) {
        return find(answer).orElseThrow(() -> new IllegalStateException("nothing was answered"));
    }

    static <T> Optional<T> find(Mono<T> answer) {
        return answer.blockOptional(DATABASE);
    }

    static <T> List<T> all(Flux<T> answers) {
        return of(answers.collectList());
    }

    static void done(Mono<Void> work) {
        work.block(DATABASE);
    }

    static <T> T of(CompletableFuture<T> answer, Duration deadline) {
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a vendor", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a vendor port did not keep its deadline", e);
        }
    }
}
