package ai.callmeback.simulators.core;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Append-only memory of what really happened, which tests compare with the product's books.
 *
 * <p>Bounded: when full, the oldest entries go and are counted in {@link #dropped()}, so that a test can tell a journal
 * with a hole from a complete one. Safe for all threads.
 */
public final class Journal {
    private final SimTime time;
    private final int capacity;
    private final ArrayDeque<JournalEntry> entries = new ArrayDeque<>();
    private final List<Consumer<JournalEntry>> listeners = new CopyOnWriteArrayList<>();
    private long lastSeq;
    private long dropped;

    public Journal(SimTime time, int capacity) {
        this.time = time;
        this.capacity = capacity;
    }

    /** Records one fact. {@code detail} is copied; null values are left out. */
    public JournalEntry append(String vendor, @Nullable String call, String kind, Map<String, ?> detail) {
        return append(time.now(), vendor, call, kind, detail);
    }

    private JournalEntry append(Instant at, String vendor, @Nullable String call, String kind, Map<String, ?> detail) {
        JournalEntry entry;
        synchronized (entries) {
            entry = new JournalEntry(++lastSeq, at, vendor, call, kind, Details.withoutNulls(detail));
            if (entries.size() == capacity) {
                entries.removeFirst();
                dropped++;
            }
            entries.addLast(entry);
        }
        for (Consumer<JournalEntry> listener : listeners) {
            listener.accept(entry);
        }
        return entry;
    }

    /** Records again what an earlier process recorded, under a number of this one. */
    public void restore(Instant at, String vendor, String call, String kind, Map<String, ?> detail) {
        append(at, vendor, call, kind, detail);
    }

    /** Matching entries, oldest first. */
    public List<JournalEntry> read(JournalQuery query) {
        List<JournalEntry> found = new ArrayList<>();
        synchronized (entries) {
            for (JournalEntry entry : entries) {
                if (query.matches(entry)) {
                    found.add(entry);
                    if (found.size() >= query.limit()) {
                        break;
                    }
                }
            }
        }
        return found;
    }

    /** Calls {@code listener} for every later entry, on the appending thread, so it must not block. Close to stop. */
    public AutoCloseable listen(Consumer<JournalEntry> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Sequence number of the newest entry; 0 before the first. */
    public long lastSeq() {
        synchronized (entries) {
            return lastSeq;
        }
    }

    /** How many entries were lost to the bound since the last {@link #clear()}. */
    public long dropped() {
        synchronized (entries) {
            return dropped;
        }
    }

    /** Forgets everything; sequence numbers go on. */
    public void clear() {
        synchronized (entries) {
            entries.clear();
            dropped = 0;
        }
    }
}
