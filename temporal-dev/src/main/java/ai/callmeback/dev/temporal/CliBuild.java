package ai.callmeback.dev.temporal;

import ai.callmeback.dev.process.ProcessEnd;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Builds the pinned CLI with the Go toolchain from the module whose go.mod and go.sum are committed: two to five
 * minutes on two cores the first time. Go itself checks every source against go.sum.
 */
final class CliBuild {
    private static final String PACKAGE = "github.com/temporalio/cli/cmd/temporal";
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);
    private static final Duration DONE_WITHIN = Duration.ofMinutes(20);

    private final Map<String, String> environment;
    private final Path module;
    private final Consumer<String> progress;

    CliBuild(Map<String, String> environment, Path module, Consumer<String> progress) {
        this.environment = environment;
        this.module = module;
        this.progress = progress;
    }

    /** True when the program is in place. */
    boolean build(Path program) throws InterruptedException {
        Optional<Path> go = findGo();
        if (go.isEmpty()) {
            progress.accept("Temporal CLI: no Go toolchain found, so it is not built"
                    + " (install Go from https://go.dev/dl/ or the CLI from https://temporal.io/setup)");
            return false;
        }
        if (!Files.isRegularFile(module.resolve("go.mod"))) {
            progress.accept("Temporal CLI: no Go module in " + module + ", so it is not built");
            return false;
        }
        progress.accept("Temporal CLI: building release " + TemporalLadder.PINNED_CLI + " with " + go.get()
                + " (once per machine, 2 to 5 minutes)");
        Path half = program.resolveSibling("temporal.half-built");
        try {
            int packages = countPackages(go.get());
            if (compile(go.get(), half, packages)) {
                Files.move(half, program, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return true;
            }
        } catch (IOException e) {
            progress.accept("Temporal CLI: the build failed: " + e.getMessage());
        }
        return false;
    }

    private Optional<Path> findGo() {
        List<String> directories =
                new ArrayList<>(List.of(environment.getOrDefault("PATH", "").split(File.pathSeparator)));
        String home = environment.getOrDefault("HOME", "");
        directories.addAll(List.of(
                "/usr/local/go/bin", "/usr/lib/go/bin", "/opt/homebrew/bin", home + "/go/bin", home + "/sdk/go/bin"));
        return directories.stream()
                .filter(directory -> !directory.isBlank())
                .map(directory -> Path.of(directory, "go"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Also downloads the sources; zero when Go cannot tell, which only costs the percentage. */
    private int countPackages(Path go) throws IOException, InterruptedException {
        Process list = start(List.of(go.toString(), "list", "-deps", "-f", "{{.ImportPath}}", PACKAGE));
        int[] counts = new int[2];
        follow(list, Instant.now(), line -> {
            if (line.startsWith("go: downloading")) {
                counts[1]++;
            } else {
                counts[0]++;
            }
            return "Temporal CLI: fetching sources, " + counts[1] + " modules";
        });
        return list.waitFor() == 0 ? counts[0] : 0;
    }

    private boolean compile(Path go, Path output, int packages) throws IOException, InterruptedException {
        Process build = start(List.of(
                go.toString(),
                "build",
                "-v",
                "-trimpath",
                "-ldflags",
                "-s -w -X github.com/temporalio/cli/temporalcli.Version=" + TemporalLadder.PINNED_CLI,
                "-o",
                output.toString(),
                PACKAGE));
        Instant started = Instant.now();
        int[] done = new int[1];
        List<String> complaints = new ArrayList<>();
        boolean inTime = follow(build, started, line -> {
            done[0]++;
            if (line.contains(" ")) {
                complaints.add(line);
            }
            long seconds = Duration.between(started, Instant.now()).toSeconds();
            return "Temporal CLI: compiled " + done[0] + (packages > 0 ? " of at most " + packages : "") + " packages, "
                    + seconds + " s";
        });
        if (inTime && build.waitFor() == 0) {
            progress.accept("Temporal CLI: built in "
                    + Duration.between(started, Instant.now()).toSeconds() + " s");
            return true;
        }
        complaints.stream().limit(10).forEach(progress);
        progress.accept("Temporal CLI: the build failed");
        return false;
    }

    private Process start(List<String> command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(module.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("GOFLAGS", "-mod=readonly -buildvcs=false");
        builder.environment().put("GOWORK", "off");
        return builder.start();
    }

    /** Reads each line; what the reader returns is shown now and then. False if it took too long and was ended. */
    private boolean follow(Process process, Instant started, java.util.function.UnaryOperator<String> reader)
            throws IOException {
        Thread limit = Thread.ofVirtual().start(() -> {
            try {
                if (!ProcessEnd.within(process, DONE_WITHIN)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Instant shown = started;
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                String words = reader.apply(line);
                if (Duration.between(shown, Instant.now()).compareTo(PROGRESS_EVERY) >= 0) {
                    shown = Instant.now();
                    progress.accept(words);
                }
            }
        } finally {
            limit.interrupt();
        }
        return Duration.between(started, Instant.now()).compareTo(DONE_WITHIN) < 0;
    }
}
