package ai.callmeback.dev.temporal;

import io.temporal.testing.TemporalDevServer;
import io.temporal.testing.TemporalDevServerOptions;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Downloads the pinned CLI by the SDK's own {@link TemporalDevServer}. A short look whether the download host answers
 * at all comes first, so that a machine without a network passes this rung within seconds.
 */
final class CliDownload {
    /** From where the SDK downloads. */
    static final URI HOST = URI.create("https://temporal.download/");

    private static final Duration REACHABLE_WITHIN = Duration.ofSeconds(4);
    private static final Duration DONE_WITHIN = Duration.ofMinutes(4);

    private final URI host;
    private final Consumer<String> progress;

    CliDownload(URI host, Consumer<String> progress) {
        this.host = host;
        this.progress = progress;
    }

    /** True when the program is in place. */
    boolean fetch(Path program) throws InterruptedException {
        if (!reachable()) {
            progress.accept("Temporal CLI: " + host.getHost() + " cannot be reached, so it is not downloaded");
            return false;
        }
        progress.accept("Temporal CLI: downloading release " + TemporalLadder.PINNED_CLI + " (about 40 MB)");
        Path directory = program.resolveSibling("download");
        CompletableFuture<Void> download = CompletableFuture.runAsync(() -> startOnce(directory));
        try {
            download.get(DONE_WITHIN.toSeconds(), TimeUnit.SECONDS);
            Optional<Path> found = findProgram(directory);
            if (found.isPresent()) {
                Files.move(found.get(), program, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return true;
            }
            progress.accept("Temporal CLI: the download left no program in " + directory);
        } catch (ExecutionException e) {
            progress.accept("Temporal CLI: the download failed: " + e.getCause());
        } catch (TimeoutException e) {
            download.cancel(true);
            progress.accept("Temporal CLI: the download took longer than " + DONE_WITHIN.toMinutes() + " minutes");
        } catch (IOException e) {
            progress.accept("Temporal CLI: the download could not be kept: " + e.getMessage());
        }
        return false;
    }

    private boolean reachable() throws InterruptedException {
        try (HttpClient http = HttpClient.newBuilder()
                .proxy(ProxySelector.getDefault())
                .connectTimeout(REACHABLE_WITHIN)
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(host)
                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                    .timeout(REACHABLE_WITHIN)
                    .build();
            http.send(request, HttpResponse.BodyHandlers.discarding());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The SDK downloads as a part of starting; the server itself is not kept. */
    private static void startOnce(Path directory) {
        TemporalDevServerOptions options = TemporalDevServerOptions.newBuilder()
                .setDownloadEnabled(true)
                .setDownloadVersion("v" + TemporalLadder.PINNED_CLI)
                .setDownloadDestination(directory.toString())
                .setUi(false)
                .build();
        TemporalDevServer.start(options).close();
    }

    private static Optional<Path> findProgram(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(directory, 3)) {
            return files.filter(Files::isRegularFile)
                    .filter(Files::isExecutable)
                    .filter(file -> file.getFileName().toString().startsWith("temporal"))
                    .findFirst();
        }
    }
}
