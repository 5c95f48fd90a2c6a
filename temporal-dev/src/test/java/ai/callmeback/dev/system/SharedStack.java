package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.chaos.ObservedCall;
import ai.callmeback.dev.process.ManagedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.util.FileSystemUtils;

/**
 * One environment with two voice workers for all whole-system tests of a run, since a start costs the better part of a
 * minute. Each class finds every process ready; it may find calls of others in the books. Classes that are {@link Isolated}
 * have it for themselves, and find no fault in it: what kills processes, stops dialling, moves a clock or counts what all
 * calls did is one. The others may run side by side, with numbers, users and faults of their own.
 */
public final class SharedStack implements BeforeAllCallback {
    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(SharedStack.class);
    private static final Duration READY_WITHIN = Duration.ofSeconds(120);

    private static volatile Running running;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        // What is awaited happens in other processes; a left-over thread of an earlier test in this one has no say.
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        running =
                context.getRoot().getStore(OURS).computeIfAbsent(Running.class, key -> Running.start(), Running.class);
        for (ManagedProcess process : running.stack().processes()) {
            assertThat(process.awaitReady(READY_WITHIN)).as(process.name()).isTrue();
        }
        if (context.getRequiredTestClass().isAnnotationPresent(Isolated.class)) {
            ObservedCall.simulators(running.stack()).clearFaults();
        }
    }

    /** What its processes trace. */
    static Collector collector() {
        return running.collector();
    }

    /** The environment of this run; only for classes extended with this. */
    public static Stack stack() {
        return running.stack();
    }

    /** Ended by JUnit with its own store, at the end of the run. */
    private record Running(Stack stack, Path directory, Collector collector) implements AutoCloseable {
        static Running start() {
            try {
                Path directory = Files.createTempDirectory("callmeback-system-");
                Collector collector = new Collector();
                return new Running(
                        SystemStack.start(
                                directory,
                                options -> options.withVoiceWorkers(2)
                                        .with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint())),
                        directory,
                        collector);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the environment started", e);
            } catch (Exception e) {
                throw e instanceof RuntimeException known ? known : new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            stack.close();
            collector.close();
            FileSystemUtils.deleteRecursively(directory);
        }
    }
}
