package ai.callmeback.dev.cli;

import ai.callmeback.dev.StackException;
import ai.callmeback.dev.env.Checkout;
import ai.callmeback.dev.process.LogTail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the end of the logs. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Shows the end of the log of one process, or of all.")
final class LogsCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "APP",
            description = "api, call-worker, voice-worker-1, simulators, temporal, postgres or build; all if left out.")
    @Nullable
    String app;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "How many lines of each (default: 40).")
    int lines = 40;

    @Override
    public Integer call() throws IOException, StackException {
        Path directory = Checkout.find().state().resolve("logs");
        List<Path> logs = logs(directory);
        if (app != null) {
            logs = logs.stream().filter(this::matches).toList();
        }
        if (logs.isEmpty()) {
            throw new StackException(
                    app == null
                            ? "no logs yet in " + directory
                            : "no log of \"" + app + "\"; there are " + names(directory));
        }
        for (Path log : logs) {
            System.out.println("==> " + log + " <==");
            System.out.println(LogTail.last(log, lines));
        }
        return 0;
    }

    private boolean matches(Path log) {
        String name = log.getFileName().toString();
        return name.equals(app + ".log") || name.startsWith(app + "-");
    }

    private static List<String> names(Path directory) throws IOException {
        return logs(directory).stream()
                .map(log -> log.getFileName().toString().replace(".log", ""))
                .toList();
    }

    private static List<Path> logs(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }
}
