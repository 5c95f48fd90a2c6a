package ai.callmeback.simulators.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines that outlast the process, such as what a vendor has charged. Written by a thread of its own, so that a slow disk
 * holds up no audio; a line that finds no room among those waiting is not written. The newest are kept: the file is cut when
 * it opens.
 */
public final class LineFile implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LineFile.class);
    private static final int MAX_WAITING = 10_000;
    private static final long CLOSING_SECONDS = 5;

    private final @Nullable Path file;
    private final List<String> found;
    private final ThreadPoolExecutor disk = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().name("lines").daemon().factory());

    private LineFile(@Nullable Path file, List<String> found) {
        this.file = file;
        this.found = found;
    }

    /** In a directory that outlasts the process; nowhere when it is blank. */
    public static LineFile in(String directory, String name, int newest) throws IOException {
        if (directory.isBlank()) {
            return new LineFile(null, List.of());
        }
        Path file = Path.of(directory, name).toAbsolutePath();
        Files.createDirectories(file.getParent());
        List<String> lines = Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
        List<String> kept = lines.size() > newest ? lines.subList(lines.size() - newest, lines.size()) : lines;
        if (kept.size() < lines.size()) {
            Files.write(file, kept);
        }
        return new LineFile(file, List.copyOf(kept));
    }

    /** As they were when the file was opened, oldest first. */
    public List<String> found() {
        return found;
    }

    public void append(String line) {
        onDisk(path -> Files.writeString(
                path, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
    }

    public void clear() {
        onDisk(Files::deleteIfExists);
    }

    private interface DiskWork {
        void on(Path file) throws IOException;
    }

    private void onDisk(DiskWork work) {
        Path path = file;
        if (path == null) {
            return;
        }
        try {
            disk.execute(() -> {
                try {
                    work.on(path);
                } catch (IOException e) {
                    log.warn("{} could not be written", path, e);
                }
            });
        } catch (RejectedExecutionException e) {
            log.warn("a line of {} was not written: the disk is too slow, or the simulators are ending", path);
        }
    }

    /** Writes what waits, for at most {@value #CLOSING_SECONDS} s. */
    @Override
    public void close() {
        disk.shutdown();
        try {
            if (!disk.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                log.warn("not all lines of {} were written in time", file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
