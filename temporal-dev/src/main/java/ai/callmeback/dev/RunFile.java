package ai.callmeback.dev;

import ai.callmeback.dev.env.Vendor;
import ai.callmeback.dev.process.ManagedProcess;
import ai.callmeback.dev.temporal.TemporalSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a running environment leaves in {@code run.json} for the other commands: who runs it and what is where. */
public final class RunFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;

    public RunFile(Path state) {
        this.file = state.resolve("run.json");
    }

    synchronized void write(Stack stack) throws IOException {
        Endpoints endpoints = stack.endpoints();
        Map<String, Object> run = new LinkedHashMap<>();
        ProcessHandle self = ProcessHandle.current();
        run.put("pid", self.pid());
        run.put("started", self.info().startInstant().map(Instant::toString).orElse(""));
        run.put("api", endpoints.api().toString());
        run.put("simulators", text(endpoints.simulators()));
        Map<String, Object> temporal = new LinkedHashMap<>();
        temporal.put("kind", stack.temporal() instanceof TemporalSource.InJvm ? "test-server" : "server");
        temporal.put("source", stack.temporal().describe());
        temporal.put("target", endpoints.temporalTarget());
        temporal.put("namespace", endpoints.temporalNamespace());
        temporal.put("uiUrl", text(endpoints.temporalUi()));
        run.put("temporal", temporal);
        run.put("simulated", stack.simulated().stream().map(Vendor::name).toList());
        run.put(
                "processes",
                stack.processes().stream()
                        .map(process -> describe(stack, process))
                        .toList());
        Path half = file.resolveSibling("run.json.half");
        Files.writeString(half, JSON.writeValueAsString(run));
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Map<String, Object> describe(Stack stack, ManagedProcess process) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", process.name());
        one.put("pid", process.pid());
        one.put("port", stack.portOf(process.name()));
        one.put("state", process.state().name().toLowerCase(java.util.Locale.ROOT));
        one.put("restarts", process.restarts());
        one.put("log", process.log().toString());
        return one;
    }

    private static String text(@org.jspecify.annotations.Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    /** What runs now; empty when nothing does, also when a run was killed and left its file behind. */
    public Optional<JsonNode> read() {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonNode run = JSON.readTree(Files.readString(file));
            return runner(run).isPresent() ? Optional.of(run) : Optional.empty();
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** The process that runs it, if it is still that very process and not a later one with the same number. */
    public static Optional<ProcessHandle> runner(JsonNode run) {
        return ProcessHandle.of(run.path("pid").asLong())
                .filter(ProcessHandle::isAlive)
                .filter(handle -> handle.info()
                        .startInstant()
                        .map(Instant::toString)
                        .orElse("")
                        .equals(run.path("started").asString()));
    }

    public List<JsonNode> processes(JsonNode run) {
        return run.path("processes").valueStream().toList();
    }

    void delete() {
        try {
            if (read().filter(run ->
                            run.path("pid").asLong() == ProcessHandle.current().pid())
                    .isPresent()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // A file left behind names a process that is gone, and is passed over by every reader.
            file.toFile().deleteOnExit();
        }
    }
}
