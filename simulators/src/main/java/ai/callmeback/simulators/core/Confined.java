package ai.callmeback.simulators.core;

import java.util.concurrent.Callable;
import reactor.core.publisher.Mono;

/** Asks the simulators' thread from another one. */
public final class Confined {
    private Confined() {}

    /** Runs {@code work} on the thread on subscription; its value, null (empty) or exception is the outcome. */
    public static <T> Mono<T> on(SimTime time, Callable<T> work) {
        return Mono.create(sink -> time.execute(() -> {
            T value;
            try {
                value = work.call();
            } catch (Exception e) {
                sink.error(e);
                return;
            }
            sink.success(value);
        }));
    }

    /** The same, for work without a value. */
    public static Mono<Void> run(SimTime time, Runnable work) {
        return on(time, () -> {
            work.run();
            return null;
        });
    }
}
