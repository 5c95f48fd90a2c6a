package ai.callmeback.dev.cli;

import ai.callmeback.dev.RunFile;
import ai.callmeback.dev.Stack;
import ai.callmeback.dev.StackException;
import ai.callmeback.dev.StackOptions;
import ai.callmeback.dev.env.Checkout;
import ai.callmeback.dev.env.Settings;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts everything and keeps it running until Ctrl-C, {@code callmeback stop} or the end of this process. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Starts Temporal, PostgreSQL, the API, the call worker, the voice workers and the simulators,",
            "each as a process of its own, and keeps them running. Ctrl-C ends all of it."
        })
final class UpCommand implements Callable<Integer> {
    @Option(names = "--voice-workers", paramLabel = "N", description = "How many voice workers (default: 1).")
    int voiceWorkers = 1;

    @Option(
            names = "--no-start-cache",
            description = "Do not record what makes later starts quicker, which takes a while when it ends.")
    boolean noStartCache;

    @Override
    public Integer call() throws IOException, StackException, InterruptedException {
        Console console = Console.ofThisCommand();
        Checkout checkout = Checkout.find();
        if (new RunFile(checkout.state()).read().isPresent()) {
            throw new StackException("this checkout is already up; see: ./callmeback status");
        }
        StackOptions options = StackOptions.local(checkout, Settings.load(checkout))
                .withVoiceWorkers(voiceWorkers)
                .recordingStartCaches(!noStartCache);
        Running running = Running.start(options, console);
        try {
            Banner.print(running.stack(), console);
            console.line("Ctrl-C ends all of it.");
            new CountDownLatch(1).await();
            return 0;
        } finally {
            running.close();
        }
    }

    /** A stack that ends with this JVM, also on Ctrl-C and {@code stop}. */
    static final class Running implements AutoCloseable {
        private final Stack stack;

        private Running(Stack stack) {
            this.stack = stack;
        }

        static Running start(StackOptions options, Console console) throws StackException, InterruptedException {
            Thread starter = Thread.currentThread();
            java.util.concurrent.atomic.AtomicBoolean ready = new java.util.concurrent.atomic.AtomicBoolean();
            CountDownLatch over = new CountDownLatch(1);
            Thread interrupter = new Thread(() -> {
                if (!ready.get()) {
                    starter.interrupt();
                    await(over);
                }
            });
            Runtime.getRuntime().addShutdownHook(interrupter);
            try {
                Running running = new Running(Stack.start(options, console::step));
                Runtime.getRuntime().addShutdownHook(new Thread(running::close));
                ready.set(true);
                return running;
            } finally {
                over.countDown();
            }
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await(60, java.util.concurrent.TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        Stack stack() {
            return stack;
        }

        @Override
        public void close() {
            // Not on the standard output, whose last line may be the JSON somebody asked for.
            System.err.println("ending everything");
            stack.close();
            System.err.println("all ended");
        }
    }
}
