package ai.callmeback.dev.temporal;

import ai.callmeback.dev.temporal.TemporalSource.Cli;
import ai.callmeback.dev.temporal.TemporalSource.InJvm;
import ai.callmeback.dev.temporal.TemporalSource.Rung;
import ai.callmeback.dev.temporal.TemporalSource.Running;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds a Temporal server, best first: a running one ({@code TEMPORAL_ADDRESS}); a {@code temporal} program on the
 * PATH; one cached by an earlier run; the pinned release downloaded; one built with the Go toolchain; else the in-JVM
 * test server. What is downloaded or built is kept for all checkouts of this machine's user.
 */
public final class TemporalLadder {
    /** The newest release that can be built from outside its own repository; the pin of every rung. */
    public static final String PINNED_CLI = "1.5.1";

    private final Map<String, String> environment;
    private final Path machineCache;
    private final Path goModule;
    private final Consumer<String> progress;

    /**
     * @param environment looked up for {@code TEMPORAL_ADDRESS}, {@code PATH} and {@code CALLMEBACK_TEMPORAL_RUNGS}
     * @param goModule the directory with the pinned go.mod and go.sum
     * @param progress told in words what is being done
     */
    public TemporalLadder(
            Map<String, String> environment, Path machineCache, Path goModule, Consumer<String> progress) {
        this.environment = environment;
        this.machineCache = machineCache;
        this.goModule = goModule;
        this.progress = progress;
    }

    /** Climbs down until a rung holds. May take minutes, once per machine. */
    public TemporalSource resolve() throws InterruptedException {
        String address = environment.getOrDefault("TEMPORAL_ADDRESS", "").strip();
        if (!address.isEmpty()) {
            return new Running(address);
        }
        Optional<TemporalSource> present = onPath().or(this::cached);
        return present.isPresent() ? present.get() : obtain();
    }

    /** As {@link #resolve()}, but only what costs no time: neither downloads nor builds. Empty if there is none. */
    public Optional<TemporalSource> resolveAtOnce() {
        String address = environment.getOrDefault("TEMPORAL_ADDRESS", "").strip();
        return address.isEmpty() ? onPath().or(this::cached) : Optional.of(new Running(address));
    }

    /** The rungs that are tried, all by default: {@code path,cache,download,go}; empty leaves the in-JVM server. */
    private boolean allowed(String rung) {
        String rungs = environment.getOrDefault("CALLMEBACK_TEMPORAL_RUNGS", "path,cache,download,go");
        return java.util.List.of(rungs.split(",")).contains(rung);
    }

    private Optional<TemporalSource> onPath() {
        if (!allowed("path")) {
            return Optional.empty();
        }
        for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path program = Path.of(directory.isEmpty() ? "." : directory, "temporal");
            if (Files.isExecutable(program) && !Files.isDirectory(program)) {
                Optional<CliVersion> version = CliVersion.of(program);
                if (version.isPresent()) {
                    return Optional.of(new Cli(program.toAbsolutePath(), version.get(), Rung.PATH));
                }
                progress.accept(program + " is not a Temporal CLI that answers to --version; looking further");
            }
        }
        return Optional.empty();
    }

    private Optional<TemporalSource> cached() {
        return allowed("cache") ? cli(cachedProgram(), Rung.CACHED) : Optional.empty();
    }

    private Optional<TemporalSource> cli(Path program, Rung rung) {
        if (!Files.isExecutable(program)) {
            return Optional.empty();
        }
        return CliVersion.of(program).map(version -> new Cli(program, version, rung));
    }

    /** Where the program is kept: one per release, system and processor. */
    public Path cachedProgram() {
        String system =
                System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT).replace(" ", "");
        return machineCache
                .resolve("temporal-cli-" + PINNED_CLI + "-" + system + "-" + System.getProperty("os.arch"))
                .resolve("temporal");
    }

    /** Downloads or builds under a lock of this machine, so that two checkouts do not do it twice. */
    private TemporalSource obtain() throws InterruptedException {
        Path program = cachedProgram();
        try {
            Files.createDirectories(program.getParent());
            Path lockFile = program.resolveSibling("lock");
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = acquire(channel)) {
                assert lock.isValid();
                Optional<TemporalSource> meanwhile = cached();
                if (meanwhile.isPresent()) {
                    return meanwhile.get();
                }
                if (allowed("download") && new CliDownload(CliDownload.HOST, progress).fetch(program)) {
                    return cli(program, Rung.DOWNLOADED).orElseGet(InJvm::new);
                }
                if (allowed("go") && new CliBuild(environment, goModule, progress).build(program)) {
                    return cli(program, Rung.BUILT).orElseGet(InJvm::new);
                }
            }
        } catch (IOException e) {
            progress.accept("no Temporal CLI could be kept in " + program.getParent() + ": " + e.getMessage());
        }
        return new InJvm();
    }

    private FileLock acquire(FileChannel channel) throws IOException {
        FileLock lock = channel.tryLock();
        if (lock == null) {
            progress.accept("another checkout is getting the Temporal CLI; waiting for it");
            lock = channel.lock();
        }
        return lock;
    }
}
