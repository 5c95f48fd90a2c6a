package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps call records in a file, a line of JSON for each state of a call, the latest of which counts. Written by a thread
 * of its own, so that a slow disk holds up no audio. The newest calls are kept; the file is written anew without what is
 * outdated when it opens and whenever it has grown to four times as many lines as there may be calls.
 */
final class CallFile implements CallMemory {
    private static final Logger log = LoggerFactory.getLogger(CallFile.class);

    /** States waiting for the disk; one that finds no room is not written. */
    private static final int MAX_WAITING = 10_000;

    private static final long CLOSING_SECONDS = 5;

    private final Path file;
    private final int maxCalls;
    private final List<CallRecord> found;
    private final ThreadPoolExecutor disk = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().name("call-records").daemon().factory());

    // Of the writing thread.
    private final Map<String, CallRecord> kept = new LinkedHashMap<>();
    private @Nullable Writer lines;
    private int written;

    /** Reads the file, if there is one, and writes it anew. */
    CallFile(Path file, int maxCalls) throws IOException {
        this.maxCalls = maxCalls;
        this.file = file.toAbsolutePath();
        Files.createDirectories(this.file.getParent());
        read();
        rewrite();
        this.found = List.copyOf(kept.values());
    }

    private void read() throws IOException {
        if (!Files.isRegularFile(file)) {
            return;
        }
        int unreadable = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                CallRecord call = Json.read(line, CallRecord.class);
                if (call == null) {
                    unreadable++;
                } else {
                    remember(call);
                }
            }
        }
        if (unreadable > 0) {
            log.warn("{} lines of {} are no call records, such as a last one half written", unreadable, file);
        }
    }

    private void remember(CallRecord call) {
        kept.put(call.sid(), call);
        if (kept.size() > maxCalls) {
            Iterator<String> oldest = kept.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    private void rewrite() throws IOException {
        if (lines != null) {
            lines.close();
        }
        Path half = file.resolveSibling(file.getFileName() + ".half");
        List<String> texts = new ArrayList<>(kept.size());
        kept.values().forEach(call -> texts.add(Json.write(call)));
        Files.write(half, texts);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        lines = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        written = kept.size();
    }

    @Override
    public List<CallRecord> found() {
        return found;
    }

    @Override
    public void keep(CallRecord call) {
        onDisk(() -> {
            remember(call);
            if (++written > 4 * maxCalls) {
                rewrite();
            } else if (lines != null) {
                lines.write(Json.write(call) + "\n");
                lines.flush();
            }
        });
    }

    @Override
    public void forget(String sid) {
        onDisk(() -> {
            if (kept.remove(sid) != null) {
                rewrite();
            }
        });
    }

    @Override
    public void forgetAll() {
        onDisk(() -> {
            kept.clear();
            rewrite();
        });
    }

    /** Work that may find the disk unwilling. */
    private interface DiskWork {
        void run() throws IOException;
    }

    private void onDisk(DiskWork work) {
        try {
            disk.execute(() -> {
                try {
                    work.run();
                } catch (IOException e) {
                    log.warn("call records could not be written to {}", file, e);
                }
            });
        } catch (RejectedExecutionException e) {
            log.warn("a call record was not written: the disk is too slow, or the simulators are ending");
        }
    }

    /** Writes what waits, for at most {@value #CLOSING_SECONDS} s. */
    @Override
    public void close() {
        disk.shutdown();
        try {
            if (!disk.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                log.warn("not all call records were written in time");
            } else if (lines != null) {
                lines.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.warn("call records could not be written to {}", file, e);
        }
    }
}
