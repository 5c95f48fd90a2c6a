package ai.callmeback.activities.purchase;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Waiting for the database on an activity's own (virtual) thread, never without a deadline. */
public final class Waiting {
    static final Duration DATABASE = Duration.ofSeconds(8);

    private Waiting() {}

    public static <T> T of(Mono<T> answer) {
        return Objects.requireNonNull(answer.block(DATABASE), "nothing was answered");
    }

    public static <T> Optional<T> find(Mono<T> answer) {
        return answer.blockOptional(DATABASE);
    }

    public static void done(Mono<Void> work) {
        work.block(DATABASE);
    }
}
