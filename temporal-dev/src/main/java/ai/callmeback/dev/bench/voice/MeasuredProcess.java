package ai.callmeback.dev.bench.voice;

import io.netty.channel.EventLoop;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/** A worker or relay under measure, and the phones that are connected to it. */
final class MeasuredProcess implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long TICK_MICROS = 20_000;
    private static final long MEASURED_MOST_NANOS = TimeUnit.MINUTES.toNanos(4);

    /** Below this share of the processor the compilers count as at rest, over so many seconds. */
    private static final double SETTLED_PERCENT = 0.5;

    private static final int SETTLE_SECONDS = 10;

    private final Process process;
    private final VoiceBenchWorker.Kind kind;
    private final reactor.netty.http.client.HttpClient client;
    private final Path log;
    private final Consumer<String> progress;
    private final BufferedReader output;
    private final int port;
    /** The phones live where their connections do: no frame waits for another thread. */
    private final EventLoop clock;

    private final List<Future<?>> tasks = new ArrayList<>();
    private final List<BenchPhone> phones = new ArrayList<>();

    /** Blocks until the process says where it listens. */
    MeasuredProcess(
            Process process,
            VoiceBenchWorker.Kind kind,
            EventLoop clock,
            reactor.netty.http.client.HttpClient client,
            Path log,
            Consumer<String> progress)
            throws IOException {
        this.process = process;
        this.kind = kind;
        this.clock = clock;
        this.client = client;
        this.log = log;
        this.progress = progress;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.port = portOf(output, progress);
        Thread.ofVirtual().name("output").start(this::copyOutput);
    }

    /** What nobody reads would in the end hold up who writes it. */
    private void copyOutput() {
        try (Writer to = Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                to.write(line + System.lineSeparator());
                to.flush();
            }
        } catch (IOException e) {
            progress.accept("the output of the measured process is lost: " + e.getMessage());
        }
    }

    /**
     * What was seen in a while.
     *
     * @param answersMs from the end of a turn to the first frame of the answer
     * @param turns where the time of each went
     * @param echoesMs from a frame sent to a frame back, of a relay
     * @param ticksMs how late the phones' own clock was, which blames the bench and not what it measures
     * @param cpuPercent of one processor
     * @param cpuPercentByPart of the same processor; empty where the system does not tell
     * @param frames of media, in and out
     */
    record Window(
            List<Double> answersMs,
            List<VoiceBenchWorker.Turn> turns,
            List<Double> echoesMs,
            List<Double> ticksMs,
            int lateFrames,
            double cpuPercent,
            Map<ProcessorUse.Part, Double> cpuPercentByPart,
            long frames,
            long allocatedBytes) {}

    List<BenchPhone> phones() {
        return phones;
    }

    /** More phones, spread over this time, and their frames over the 20 ms of a tick, as real ones are. */
    void ring(int calls, long spreadMicros) {
        for (int i = 0; i < calls; i++) {
            BenchPhone phone = new BenchPhone(phones.size(), kind == VoiceBenchWorker.Kind.RELAY);
            phones.add(phone);
            long begins = spreadMicros * i / calls;
            tasks.add(clock.schedule(() -> phone.connect(client, port), begins, TimeUnit.MICROSECONDS));
            tasks.add(clock.scheduleAtFixedRate(
                    phone::tick, begins + 1_000_000L + TICK_MICROS * i / calls, TICK_MICROS, TimeUnit.MICROSECONDS));
        }
    }

    /** Ends all calls but the first so many. */
    void leave(int calls) {
        List<BenchPhone> others = phones.subList(calls, phones.size());
        others.forEach(BenchPhone::hangUp);
        others.clear();
    }

    /** Lets the calls go on for a while; fails at once if the process ends, and afterwards if a call was lost. */
    void talk(long millis) throws IOException, InterruptedException {
        await(millis);
        for (BenchPhone phone : phones) {
            if (phone.failure() != null) {
                throw new IOException(
                        "a call was lost while it was measured: " + phone.failure() + "; see " + log, phone.failure());
            }
        }
    }

    /** As {@link #talk}, but a call may be lost: its phone says why. */
    void await(long millis) throws IOException, InterruptedException {
        if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            throw new IOException("the measured process ended with " + process.exitValue() + "; see " + log);
        }
    }

    /** Measures for a while; longer, four minutes at the most, if fewer than so many turns were heard. */
    Window measure(int seconds, int leastTurns) throws IOException, InterruptedException {
        VoiceBenchWorker.Stats before = stats("");
        phones.forEach(BenchPhone::forget);
        long began = System.nanoTime();
        talk(seconds * 1000L);
        while (turnsHeard() < leastTurns && System.nanoTime() - began < MEASURED_MOST_NANOS) {
            talk(1000);
        }
        VoiceBenchWorker.Stats after = stats("");
        long passed = System.nanoTime() - began;
        return new Window(
                after.latenciesMs(),
                after.turns(),
                phones.stream().flatMap(phone -> phone.echoesMillis().stream()).toList(),
                phones.stream()
                        .flatMap(phone -> phone.tickLagsMillis().stream())
                        .toList(),
                phones.stream().mapToInt(BenchPhone::lateFrames).sum(),
                100.0 * (after.cpuNanos() - before.cpuNanos()) / passed,
                ProcessorUse.percent(before.cpuNanosByPart(), after.cpuNanosByPart(), passed),
                phones.stream().mapToLong(BenchPhone::frames).sum(),
                after.allocatedBytes() - before.allocatedBytes());
    }

    /**
     * Lets the calls go on until the compilers of both processes have come to rest: what they take is no cost of a call, and
     * the code they have not reached yet is slower than it will be. At most so long; where the system does not say who
     * takes the processor, hardly at all.
     */
    void settle(int mostSeconds) throws IOException, InterruptedException {
        long began = System.nanoTime();
        double compilers = Double.MAX_VALUE;
        while (compilers > SETTLED_PERCENT && System.nanoTime() - began < TimeUnit.SECONDS.toNanos(mostSeconds)) {
            long windowBegan = System.nanoTime();
            Map<ProcessorUse.Part, Long> ownBefore = ProcessorUse.nanos();
            double theirs = compilers(measure(SETTLE_SECONDS, 0).cpuPercentByPart());
            long passed = System.nanoTime() - windowBegan;
            compilers = Math.max(theirs, compilers(ProcessorUse.percent(ownBefore, ProcessorUse.nanos(), passed)));
        }
        progress.accept("settled after %d s more: compilers at %.1f %% of a processor"
                .formatted(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began), compilers));
    }

    private static double compilers(Map<ProcessorUse.Part, Double> percent) {
        return percent.getOrDefault(ProcessorUse.Part.COMPILERS, 0.0);
    }

    private int turnsHeard() {
        return phones.stream().mapToInt(BenchPhone::turnsHeard).sum();
    }

    /** Bytes in use after a collection. */
    long usedBytes() throws IOException, InterruptedException {
        return stats("?gc").usedBytes();
    }

    private VoiceBenchWorker.Stats stats(String query) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String body = http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/stats" + query))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            return JSON.readValue(body, VoiceBenchWorker.Stats.class);
        }
    }

    private static int portOf(BufferedReader output, Consumer<String> progress) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("PORT ")) {
                return Integer.parseInt(line.substring(5).strip());
            }
            progress.accept(line);
        }
        throw new IOException("the measured process ended before it was ready");
    }

    @Override
    public void close() throws IOException {
        tasks.forEach(task -> task.cancel(false));
        process.destroy();
        process.onExit()
                .orTimeout(5, TimeUnit.SECONDS)
                .exceptionally(late -> process.destroyForcibly())
                .join();
        output.close();
    }
}
