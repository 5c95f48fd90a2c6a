package ai.callmeback.simulators.stripe;

import ai.callmeback.simulators.core.Resettable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the vendor never forgets, in a file: a line of JSON for each state of a thing, the latest of which counts. What one
 * request changes is written at once, before it is answered and before anybody is told, so that a process that is killed has
 * done it wholly or not at all. Without a directory nothing is kept.
 */
@Component
class StripeMemory implements Resettable, DisposableBean {
    private static final Logger log = LoggerFactory.getLogger(StripeMemory.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .build();
    /** The file is written anew when it has so many lines more than things. */
    private static final int MAX_OUTDATED = 20_000;

    private final @Nullable Path file;
    private final ReentrantLock lock = new ReentrantLock();

    // Of whoever has the lock.
    private final Map<Thing, Supplier<@Nullable Object>> touched = new LinkedHashMap<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private final Map<Thing, Integer> written = new LinkedHashMap<>();
    private final Map<Thing, Object> found = new LinkedHashMap<>();
    private @Nullable FileChannel lines;
    private int lineCount;

    /** A thing by its kind and id. */
    private record Thing(String kind, String id) {}

    /** @param value null: forgotten */
    private record Line(String kind, String id, @Nullable Object value) {}

    /** What may fail as the vendor's work does. */
    interface Work<T> {
        T go() throws StripeError;
    }

    StripeMemory(@Value("${simulators.data-directory:}") String directory) throws IOException {
        this.file = directory.isBlank() ? null : Path.of(directory, "stripe.jsonl");
        if (file != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            read(file);
            rewrite(file);
        }
    }

    /** What was kept of a kind when the file was opened, by id, oldest first. */
    @SuppressWarnings("unchecked") // JSON objects are maps
    Map<String, Map<String, Object>> found(String kind) {
        Map<String, Map<String, Object>> all = new LinkedHashMap<>();
        found.forEach((thing, value) -> {
            if (thing.kind.equals(kind)) {
                all.put(thing.id, (Map<String, Object>) value);
            }
        });
        return all;
    }

    /** Does something of which all is kept, or nothing. Work within work is part of it. */
    <T> T together(Work<T> work) throws StripeError {
        List<Runnable> next = List.of();
        lock.lock();
        try {
            return work.go();
        } finally {
            if (lock.getHoldCount() == 1) {
                commit();
                next = List.copyOf(afterwards);
                afterwards.clear();
            }
            lock.unlock();
            next.forEach(Runnable::run);
        }
    }

    /** The same for what never fails. */
    void all(Runnable work) {
        try {
            together(() -> {
                work.run();
                return "";
            });
        } catch (StripeError e) {
            throw new IllegalStateException(e);
        }
    }

    /** As it is when the work is done; null: forgotten. Outside of work nothing changes, and nothing is kept. */
    void keep(String kind, String id, Supplier<@Nullable Object> value) {
        if (lock.isHeldByCurrentThread()) {
            touched.put(new Thing(kind, id), value);
        }
    }

    /** Runs once what the work changed is kept; at once outside of work. */
    void afterwards(Runnable task) {
        if (lock.isHeldByCurrentThread()) {
            afterwards.add(task);
        } else {
            task.run();
        }
    }

    private void commit() {
        StringBuilder text = new StringBuilder();
        touched.forEach((thing, value) -> {
            Object now = value.get();
            String line = JSON.writeValueAsString(new Line(thing.kind, thing.id, now));
            Integer before = now == null ? written.remove(thing) : written.put(thing, line.hashCode());
            if (file != null && (before == null || before != line.hashCode())) {
                text.append(line).append('\n');
                lineCount++;
            }
        });
        touched.clear();
        FileChannel to = lines;
        if (to == null || file == null || text.isEmpty()) {
            return;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
            if (lineCount > written.size() + MAX_OUTDATED) {
                found.clear();
                read(file);
                rewrite(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the vendor's memory cannot be written", e);
        }
    }

    private void read(Path from) throws IOException {
        if (!Files.isRegularFile(from)) {
            return;
        }
        int unreadable = 0;
        try (BufferedReader reader = Files.newBufferedReader(from)) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                try {
                    Line line = JSON.readValue(text, Line.class);
                    Thing thing = new Thing(line.kind, line.id);
                    if (line.value == null) {
                        found.remove(thing);
                    } else {
                        found.put(thing, line.value);
                    }
                } catch (JacksonException e) {
                    unreadable++;
                }
            }
        }
        if (unreadable > 0) {
            log.warn("{} lines of {} are not readable, such as a last one half written", unreadable, from);
        }
    }

    private void rewrite(Path to) throws IOException {
        if (lines != null) {
            lines.close();
        }
        written.clear();
        Path half = to.resolveSibling(to.getFileName() + ".half");
        List<String> texts = new ArrayList<>(found.size());
        found.forEach((thing, value) -> {
            String line = JSON.writeValueAsString(new Line(thing.kind, thing.id, value));
            texts.add(line);
            written.put(thing, line.hashCode());
        });
        Files.write(half, texts);
        Files.move(half, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        lines = FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        lineCount = texts.size();
    }

    @Override
    public void reset() {
        lock.lock();
        try {
            touched.clear();
            found.clear();
            if (file != null) {
                rewrite(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the vendor's memory cannot be emptied", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void destroy() throws IOException {
        if (lines != null) {
            lines.close();
        }
    }
}
