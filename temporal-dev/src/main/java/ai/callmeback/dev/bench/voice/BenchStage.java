package ai.callmeback.dev.bench.voice;

import ai.callmeback.voice.rehearsal.Rehearsal;
import ai.callmeback.voice.rehearsal.StandInVendors;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SelectStrategy;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

/** This process's side of the bench: phones and zero-delay vendors on one event loop, pinned to the second processor. */
final class BenchStage implements AutoCloseable {
    private static final int CHARACTER_BYTES = 480;
    private static final List<String> ANSWER =
            List.of("Thank you for telling me, that is good to hear. ", "What is next?");

    /** Turns after which the vendors' own code is compiled; before, their delay is not zero, and would be measured. */
    private static final int REHEARSED_TURNS = 400;

    private static final Duration REHEARSED_WITHIN = Duration.ofSeconds(20);

    /** Asked before this process is pinned: afterwards it sees one only. */
    private static final boolean CAN_PIN = Runtime.getRuntime().availableProcessors() >= 2;

    /**
     * Looks for something to do and never waits for it. A processor that sleeps between the steps of a turn has to be woken
     * for each of them; of vendors without delay that would be a delay, and the figure not that of the worker. Only with a
     * processor of its own, or it would take the worker's.
     */
    private static final SelectStrategy WITHOUT_SLEEP = (ready, hasTasks) -> ready.get();

    private static final SelectStrategy SLEEPING = (ready, hasTasks) -> hasTasks ? ready.get() : SelectStrategy.SELECT;

    private final Path log;
    private final Consumer<String> progress;
    private final EventLoopGroup loops;
    private final DisposableServer vendors;
    private final HttpClient phones;

    /** @param log takes what the measured processes have to say */
    BenchStage(Path log, Consumer<String> progress) throws IOException {
        this.log = log;
        this.progress = progress;
        progress.accept("the vendors and phones rehearse");
        new Rehearsal(REHEARSED_WITHIN, REHEARSED_TURNS).play();
        pin(ProcessHandle.current().pid(), 1, progress);
        this.loops = new MultiThreadIoEventLoopGroup(
                1, NioIoHandler.newFactory(SelectorProvider.provider(), () -> CAN_PIN ? WITHOUT_SLEEP : SLEEPING));
        this.vendors = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .runOn(loops)
                .route(new StandInVendors(CHARACTER_BYTES, ANSWER)::route)
                .bindNow();
        this.phones = HttpClient.create(ConnectionProvider.builder("bench")
                        .maxConnections(10_000)
                        .build())
                .runOn(loops);
    }

    /** A process of this kind, pinned to the first processor and ready for calls. */
    MeasuredProcess start(VoiceBenchWorker.Kind kind) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        // As the voice worker has it: see where its options are.
                        "-XX:ThreadPriorityPolicy=1",
                        "-XX:CompilerThreadPriority=10",
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VoiceBenchWorker.class.getName(),
                        kind.name(),
                        Integer.toString(vendors.port()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        pin(process.pid(), 0, progress);
        return new MeasuredProcess(process, kind, loops.next(), phones, log, progress);
    }

    /** Without {@code taskset} the system places the processes as it likes, and the figures are worth less. */
    private static void pin(long pid, int processor, Consumer<String> progress) throws IOException {
        if (!CAN_PIN) {
            return;
        }
        try {
            int exit = new ProcessBuilder("taskset", "-apc", Integer.toString(processor), Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (exit != 0) {
                progress.accept("not pinned to processors: taskset ended with " + exit);
            }
        } catch (IOException e) {
            progress.accept("not pinned to processors: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        vendors.disposeNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
