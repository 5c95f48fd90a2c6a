package ai.callmeback.dev;

import ai.callmeback.dev.apps.App;
import ai.callmeback.dev.apps.AppProcess;
import ai.callmeback.dev.env.MachineCache;
import ai.callmeback.dev.env.Secrets;
import ai.callmeback.dev.env.Vendor;
import ai.callmeback.dev.postgres.LocalPostgres;
import ai.callmeback.dev.process.LogTail;
import ai.callmeback.dev.process.ManagedProcess;
import ai.callmeback.dev.process.Ports;
import ai.callmeback.dev.process.ProcessSpec;
import ai.callmeback.dev.process.Supervisor;
import ai.callmeback.dev.temporal.NamespaceSetup;
import ai.callmeback.dev.temporal.SearchAttributes;
import ai.callmeback.dev.temporal.TemporalLadder;
import ai.callmeback.dev.temporal.TemporalProcess;
import ai.callmeback.dev.temporal.TemporalSource;
import ai.callmeback.vendors.settings.Secret;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole environment: Temporal, PostgreSQL, the three applications and the simulators, each a process of its own.
 * {@code callmeback up} and {@code demo} run one; whole-system tests start one in a directory of their own and kill,
 * stop and restart its parts by name ({@code api}, {@code call-worker}, {@code voice-worker-1}, …, {@code simulators},
 * {@code postgres}, {@code temporal}).
 *
 * <p>Closing it ends everything. If this process is killed, a guard process ends everything too.
 */
public final class Stack implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(150);

    private final StackOptions options;
    private final Consumer<String> progress;
    private final Path state;
    private final Ports ports;
    private final Supervisor supervisor;
    private final Map<String, String> secrets;
    private final TemporalSource temporal;
    private final RunFile runFile;
    private volatile StackPlan plan;
    private volatile boolean started;
    private volatile boolean closed;

    private Stack(StackOptions options, Consumer<String> progress, TemporalSource temporal) throws IOException {
        this.options = options;
        this.progress = progress;
        this.temporal = temporal;
        this.state = options.state().toAbsolutePath();
        Files.createDirectories(state);
        this.secrets = Secrets.load(state.resolve("secrets.env"), new SecureRandom());
        this.runFile = new RunFile(state);
        this.ports = options.usualPorts() ? Ports.preferUsual(machineCache(options)) : Ports.freeOnly();
        this.plan = StackPlan.of(options, secrets, ports, temporal);
        this.supervisor = new Supervisor(state.resolve("logs"), this::notice);
    }

    /**
     * Starts everything side by side and returns when all is ready.
     *
     * @param progress told in words what is being done and what happens to the processes, from any thread
     * @throws StackException in words for the user when something does not come up; nothing is left running
     */
    public static Stack start(StackOptions options, Consumer<String> progress)
            throws StackException, InterruptedException {
        TemporalSource temporal = ladder(options, progress).resolve();
        progress.accept("Temporal: " + temporal.describe());
        try {
            Stack stack = new Stack(options, progress, temporal);
            try {
                stack.startAll();
                return stack;
            } catch (StackException | IOException | InterruptedException | RuntimeException e) {
                stack.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StackException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The ladder as these options see it. */
    public static TemporalLadder ladder(StackOptions options, Consumer<String> progress) {
        return new TemporalLadder(
                options.settings().values(),
                machineCache(options),
                options.checkout().goModule(),
                progress);
    }

    private static Path machineCache(StackOptions options) {
        return MachineCache.directory(options.settings().values());
    }

    private void startAll() throws StackException, IOException, InterruptedException {
        ExecutorService together = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<?>> starting = new ArrayList<>();
            if (plan.ports().containsKey(App.SIMULATORS.title())) {
                starting.add(together.submit(() -> startApp(App.SIMULATORS, App.SIMULATORS.title())));
            }
            starting.add(together.submit(this::startTemporal));
            plan = plan.withDatabase(startPostgres());
            starting.add(together.submit(() -> startApp(App.API, App.API.title())));
            starting.add(together.submit(() -> startApp(App.CALL_WORKER, App.CALL_WORKER.title())));
            for (int worker = 1; worker <= options.voiceWorkers(); worker++) {
                String name = StackPlan.voiceWorker(worker);
                starting.add(together.submit(() -> startApp(App.VOICE_WORKER, name)));
            }
            outcomes(starting);
        } finally {
            // Whoever still waits for readiness when one part has failed, or the user has had enough, waits in vain.
            together.shutdownNow();
        }
        started = true;
        writeRunFile();
    }

    /** Waits for all; throws the first failure it comes to. */
    private static void outcomes(List<Future<?>> starting) throws StackException, InterruptedException {
        for (Future<?> each : starting) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof StackException known
                        ? known
                        : new StackException(String.valueOf(e.getCause()), e.getCause());
            }
        }
    }

    private @Nullable Void startApp(App app, String name) throws IOException, StackException, InterruptedException {
        boolean first = app != App.VOICE_WORKER || name.equals(StackPlan.voiceWorker(1));
        return startAndAwait(AppProcess.of(
                app,
                name,
                port(name),
                options.checkout().appJar(app.module()),
                options.images().toAbsolutePath(),
                plan.settings(),
                options.recordStartCaches() && first));
    }

    /** Asks the server and prepares it. Only a server of somebody else wants a key. */
    public NamespaceSetup temporalService() {
        Endpoints endpoints = plan.endpoints();
        return new NamespaceSetup(
                endpoints.temporalTarget(),
                endpoints.temporalNamespace(),
                Secret.of(plan.settings().getOrDefault("TEMPORAL_API_KEY", "")));
    }

    private @Nullable Void prepare(TemporalSource.Running running) throws StackException {
        try {
            temporalService().prepare(SearchAttributes.ALL);
            return null;
        } catch (StatusRuntimeException e) {
            throw new StackException(
                    "Temporal at " + running.target() + " could not be prepared: " + e.getStatus()
                            + "; check TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and TEMPORAL_API_KEY",
                    e);
        }
    }

    private @Nullable Void startTemporal() throws StackException, InterruptedException, IOException {
        Path data = Files.createDirectories(state.resolve("temporal"));
        String namespace = plan.endpoints().temporalNamespace();
        Map<String, String> environment = options.settings().values();
        return switch (temporal) {
            case TemporalSource.Running running -> prepare(running);
            case TemporalSource.Cli cli ->
                startAndAwait(TemporalProcess.server(
                        cli,
                        data,
                        namespace,
                        port(StackPlan.TEMPORAL),
                        plan.temporalUiPort(),
                        plan.endpoints().api() + "/codec",
                        SearchAttributes.ALL,
                        environment));
            case TemporalSource.InJvm ignored -> {
                progress.accept("WARNING: no Temporal server could be had. The in-JVM test server is used: whatever it"
                        + " holds is lost when it ends, and it has no web UI. Install the Temporal CLI"
                        + " (https://temporal.io/setup) or Go for the real one.");
                yield startAndAwait(TemporalProcess.inJvm(
                        data, namespace, port(StackPlan.TEMPORAL), SearchAttributes.ALL, environment));
            }
        };
    }

    /** Returns the database's address. */
    private String startPostgres() throws IOException, StackException, InterruptedException {
        if (!plan.ports().containsKey(StackPlan.POSTGRES)) {
            return plan.endpoints().databaseUrl();
        }
        LocalPostgres postgres = LocalPostgres.prepare(
                machineCache(options),
                state.resolve("postgres"),
                port(StackPlan.POSTGRES),
                secret("POSTGRES_PASSWORD"),
                progress);
        startAndAwait(postgres.process());
        return postgres.url();
    }

    private @Nullable Void startAndAwait(ProcessSpec spec) throws StackException, InterruptedException {
        ManagedProcess process = supervisor.start(spec);
        if (!process.awaitReady(READY_WITHIN)) {
            throw new StackException(process.name() + " did not become ready. The end of " + process.log() + ":\n"
                    + LogTail.last(process.log(), 20));
        }
        progress.accept(process.name() + " is ready");
        return null;
    }

    private int port(String name) {
        Integer port = plan.ports().get(name);
        if (port == null) {
            throw new IllegalArgumentException("no process " + name + " in this environment; there are "
                    + plan.ports().keySet());
        }
        return port;
    }

    private String secret(String name) {
        String value = secrets.get(name);
        if (value == null) {
            throw new IllegalStateException("no secret " + name);
        }
        return value;
    }

    public Endpoints endpoints() {
        return plan.endpoints();
    }

    public TemporalSource temporal() {
        return temporal;
    }

    /** The vendors our simulators stand in for. */
    public List<Vendor> simulated() {
        return plan.simulated();
    }

    /** Where the product speaks to a vendor. */
    public String vendorBase(Vendor vendor) {
        return vendor.baseIn(plan.settings());
    }

    /** The port a process listens on. */
    public int portOf(String name) {
        return port(name);
    }

    /** The names of the voice workers. */
    public List<String> voiceWorkers() {
        return IntStream.rangeClosed(1, options.voiceWorkers())
                .mapToObj(StackPlan::voiceWorker)
                .toList();
    }

    /** A child by name; throws when there is none of that name. */
    public ManagedProcess process(String name) {
        return supervisor
                .find(name)
                .orElseThrow(() -> new IllegalArgumentException("no process " + name + "; there are "
                        + supervisor.processes().stream()
                                .map(ManagedProcess::name)
                                .toList()));
    }

    public List<ManagedProcess> processes() {
        return supervisor.processes();
    }

    /** SIGKILL, as a crash. The process is started again at once. */
    public void kill(String name) {
        process(name).kill(false);
    }

    /** SIGTERM, as a deploy does it, and no waiting. The process is started again once it has ended. */
    public void drain(String name) {
        process(name).askToEnd();
    }

    /** SIGKILL, and it stays down until {@link #bringBack}. */
    public void killAndHold(String name) {
        process(name).kill(true);
    }

    /** Starts what was held down, on its old port, and waits until it is ready. */
    public void bringBack(String name) throws InterruptedException, StackException {
        ManagedProcess process = process(name);
        process.start();
        if (!process.awaitReady(READY_WITHIN)) {
            throw new StackException(name + " did not come back; its log is " + process.log());
        }
    }

    /** Loses everything Temporal knows: ends it, deletes its data and starts it empty. */
    public void wipeTemporal() throws InterruptedException, StackException, IOException {
        process(StackPlan.TEMPORAL).kill(true);
        try (Stream<Path> files = Files.list(state.resolve("temporal"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        bringBack(StackPlan.TEMPORAL);
    }

    private void notice(String words) {
        progress.accept(words);
        if (started && !closed) {
            writeRunFile();
        }
    }

    private void writeRunFile() {
        try {
            runFile.write(this);
        } catch (IOException e) {
            progress.accept("the state could not be written for other commands: " + e.getMessage());
        }
    }

    /** Ends the applications side by side, then what they stand on. A repeat does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        List<String> foundations = List.of(StackPlan.TEMPORAL, StackPlan.POSTGRES);
        Supervisor.stopTogether(supervisor.processes().stream()
                .filter(process -> !foundations.contains(process.name()))
                .toList());
        Supervisor.stopTogether(supervisor.processes());
        supervisor.close();
        ports.close();
        runFile.delete();
    }
}
