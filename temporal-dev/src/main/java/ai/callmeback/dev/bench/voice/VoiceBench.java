package ai.callmeback.dev.bench.voice;

import ai.callmeback.voice.rehearsal.StandInVendors;
import io.netty.channel.EventLoopGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds N calls at once against a worker process pinned to the first processor; phones and vendors run in this process,
 * pinned to the second. Beside it, as yardstick, the same phones against a relay that only parses and sends back.
 */
public final class VoiceBench {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int TICK_MILLIS = 20;
    private static final long FIRST_ALONE_MICROS = 3_000_000;
    private static final long RAMP_MICROS = 9_000_000;

    private static final List<String> ANSWER =
            List.of("Thank you for telling me, that is good to hear. ", "What is next?");

    private final int calls;
    private final int seconds;
    private final int warmUpSeconds;
    private final Path log;
    private final Consumer<String> progress;

    /** @param log takes what the measured processes have to say */
    public VoiceBench(int calls, int seconds, int warmUpSeconds, Path log, Consumer<String> progress) {
        this.calls = calls;
        this.seconds = seconds;
        this.warmUpSeconds = warmUpSeconds;
        this.log = log;
        this.progress = progress;
    }

    /** Milliseconds. */
    public record Latency(double p50, double p95, double p99, double max) {
        static Latency of(List<Double> millis) {
            return new Latency(
                    round(VoiceBenchWorker.percentile(millis, 0.50)),
                    round(VoiceBenchWorker.percentile(millis, 0.95)),
                    round(VoiceBenchWorker.percentile(millis, 0.99)),
                    round(VoiceBenchWorker.percentile(millis, 1)));
        }
    }

    /** The yardstick. */
    public record Relay(int calls, double cpuPercentPerCall) {}

    /** @param ratioToRelay CPU per call of the relay over that of the worker: 1 means the pipeline is free */
    public record Result(
            int calls,
            int turns,
            Latency endOfTurnToFirstAudioMs,
            int lateFrames,
            double cpuPercentPerCall,
            double memoryKiBPerCall,
            Relay relay,
            double ratioToRelay) {}

    private record Measured(VoiceBenchWorker.Stats stats, double cpuPercent, double kib, int late, int turns) {}

    /** Runs both; takes about twice the time for calls to come, the warm-up and the measuring time. */
    public Result run() throws IOException, InterruptedException {
        pin(ProcessHandle.current().pid(), 1);
        EventLoopGroup loops = LoopResources.create("bench", 1, true).onServer(true);
        DisposableServer vendors = vendors(loops);
        try {
            progress.accept(calls + " calls, " + warmUpSeconds + " s to warm up, " + seconds + " s measured");
            Measured worker = measure(VoiceBenchWorker.Kind.WORKER, vendors.port(), loops);
            progress.accept("the same with a bare relay");
            Measured relay = measure(VoiceBenchWorker.Kind.RELAY, vendors.port(), loops);
            List<Double> latencies = worker.stats().latenciesMs();
            return new Result(
                    calls,
                    latencies.size(),
                    Latency.of(latencies),
                    worker.late(),
                    round(worker.cpuPercent() / calls),
                    round(worker.kib() / calls),
                    new Relay(calls, round(relay.cpuPercent() / calls)),
                    round(relay.cpuPercent() / worker.cpuPercent()));
        } finally {
            vendors.disposeNow();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    /** What became of calls that all came at once, to a process that had just started. */
    public record Burst(int callsLost, Latency connectToFirstAudioMs) {}

    /** @param unguarded without a rehearsal, and with each call begun the moment it comes */
    public record BurstResult(int calls, int callsLost, Latency connectToFirstAudioMs, Burst unguarded) {}

    /** All calls at once on a fresh process, twice: first without what guards against that. Measured for a while each. */
    public BurstResult burst() throws IOException, InterruptedException {
        pin(ProcessHandle.current().pid(), 1);
        EventLoopGroup loops = LoopResources.create("bench", 1, true).onServer(true);
        DisposableServer vendors = vendors(loops);
        try {
            // The bench's own side must not be the cold one.
            progress.accept("a few calls to warm up this side");
            burst(VoiceBenchWorker.Kind.REHEARSED, vendors.port(), loops);
            progress.accept(calls + " calls at once on a cold worker that neither rehearsed nor paces them");
            Burst unguarded = burst(VoiceBenchWorker.Kind.UNGUARDED, vendors.port(), loops);
            progress.accept("the same on one that does");
            Burst guarded = burst(VoiceBenchWorker.Kind.REHEARSED, vendors.port(), loops);
            return new BurstResult(calls, guarded.callsLost(), guarded.connectToFirstAudioMs(), unguarded);
        } finally {
            vendors.disposeNow();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private Burst burst(VoiceBenchWorker.Kind kind, int vendorPort, EventLoopGroup loops)
            throws IOException, InterruptedException {
        Process process = start(kind, vendorPort);
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int port = portOf(output);
            List<BenchPhone> phones = connect(port, loops, false, clock, 0, 0);
            talk(process, seconds);
            int lost = (int) phones.stream()
                    .filter(phone -> phone.failure() != null || phone.turnsHeard() == 0)
                    .count();
            phones.stream()
                    .map(BenchPhone::failure)
                    .filter(Objects::nonNull)
                    .collect(Collectors.groupingBy(Throwable::toString, Collectors.counting()))
                    .forEach((why, count) -> progress.accept(count + " × " + why));
            return new Burst(
                    lost,
                    Latency.of(phones.stream()
                            .map(BenchPhone::firstAudioMillis)
                            .filter(millis -> millis >= 0)
                            .toList()));
        } finally {
            clock.shutdownNow();
            process.destroy();
            process.waitFor(5, TimeUnit.SECONDS);
        }
    }

    private static DisposableServer vendors(EventLoopGroup loops) {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .runOn(loops)
                .route(new StandInVendors(480, ANSWER)::route)
                .bindNow();
    }

    private Measured measure(VoiceBenchWorker.Kind kind, int vendorPort, EventLoopGroup loops)
            throws IOException, InterruptedException {
        Process process = start(kind, vendorPort);
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int port = portOf(output);
            VoiceBenchWorker.Stats idle = stats(port, "?gc");
            List<BenchPhone> phones =
                    connect(port, loops, kind == VoiceBenchWorker.Kind.RELAY, clock, FIRST_ALONE_MICROS, RAMP_MICROS);
            talk(process, (int) ((FIRST_ALONE_MICROS + RAMP_MICROS) / 1_000_000) + warmUpSeconds);
            requireAlive(phones);
            VoiceBenchWorker.Stats before = stats(port, "");
            phones.forEach(BenchPhone::forget);
            long began = System.nanoTime();
            talk(process, seconds);
            VoiceBenchWorker.Stats after = stats(port, "");
            double cpu = 100.0 * (after.cpuNanos() - before.cpuNanos()) / (System.nanoTime() - began);
            requireAlive(phones);
            int late = phones.stream().mapToInt(BenchPhone::lateFrames).sum();
            int turns = phones.stream().mapToInt(BenchPhone::turnsHeard).sum();
            VoiceBenchWorker.Stats loaded = stats(port, "?gc");
            return new Measured(after, cpu, (loaded.usedBytes() - idle.usedBytes()) / 1024.0, late, turns);
        } finally {
            clock.shutdownNow();
            process.destroy();
            process.waitFor(5, TimeUnit.SECONDS);
        }
    }

    /** Lets the calls go on for a while; ends at once if what is measured does. */
    private void talk(Process measured, int seconds) throws IOException, InterruptedException {
        if (measured.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new IOException("the measured process ended with " + measured.exitValue() + "; see " + log);
        }
    }

    private void requireAlive(List<BenchPhone> phones) throws IOException {
        for (BenchPhone phone : phones) {
            if (phone.failure() != null) {
                throw new IOException("a call was lost while it was measured; see " + log, phone.failure());
            }
        }
    }

    /**
     * Calls come one after another, the first alone for a while: what a worker does for the first time is slow, and 50 calls
     * that begin within one second on one processor would find out how slow. Frames and turns are spread as real ones are.
     */
    private List<BenchPhone> connect(
            int port,
            EventLoopGroup loops,
            boolean relay,
            ScheduledExecutorService clock,
            long firstAloneMicros,
            long rampMicros) {
        reactor.netty.http.client.HttpClient client = reactor.netty.http.client.HttpClient.create(
                        ConnectionProvider.builder("bench")
                                .maxConnections(10_000)
                                .build())
                .runOn(loops);
        List<BenchPhone> phones = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            BenchPhone phone = new BenchPhone(i, relay);
            phones.add(phone);
            long beginsMicros = i == 0 ? 0 : firstAloneMicros + rampMicros * i / calls;
            long offsetMicros = TICK_MILLIS * 1000L * i / calls;
            var unusedConnecting =
                    clock.schedule(() -> phone.connect(client, port), beginsMicros, TimeUnit.MICROSECONDS);
            var unusedTicks = clock.scheduleAtFixedRate(
                    phone::tick, beginsMicros + 1_000_000L + offsetMicros, TICK_MILLIS * 1000L, TimeUnit.MICROSECONDS);
        }
        return phones;
    }

    private Process start(VoiceBenchWorker.Kind kind, int vendorPort) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VoiceBenchWorker.class.getName(),
                        kind.name(),
                        Integer.toString(vendorPort))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        pin(process.pid(), 0);
        return process;
    }

    /** Without {@code taskset} the system places the processes as it likes, and the figures are worth less. */
    private void pin(long pid, int processor) throws IOException {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            return;
        }
        try {
            new ProcessBuilder("taskset", "-apc", Integer.toString(processor), Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            progress.accept("not pinned to processors: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int portOf(BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("PORT ")) {
                return Integer.parseInt(line.substring(5).strip());
            }
            progress.accept(line);
        }
        throw new IOException("the measured process ended before it was ready");
    }

    private static VoiceBenchWorker.Stats stats(int port, String query) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String body = http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/stats" + query))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            return JSON.readValue(body, VoiceBenchWorker.Stats.class);
        }
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
