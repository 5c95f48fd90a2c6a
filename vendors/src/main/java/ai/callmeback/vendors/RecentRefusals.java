package ai.callmeback.vendors;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Names of what a vendor was asked for and does not have, a model or a voice: not asked for again until {@link #FORGET} has
 * passed, so that not each turn of a talk pays for a refusal. At most {@value #MOST} are remembered; of more the oldest is
 * asked for again sooner. Any thread.
 */
public final class RecentRefusals {
    public static final Duration FORGET = Duration.ofMinutes(10);
    public static final int MOST = 64;

    private final LongSupplier nanos;
    private final Map<String, Long> until = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };

    /** @param nanos time that only goes on */
    public RecentRefusals(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Remembers it from now on. */
    public synchronized void add(String name) {
        until.remove(name);
        until.put(name, nanos.getAsLong() + FORGET.toNanos());
    }

    public synchronized boolean has(String name) {
        Long end = until.get(name);
        if (end != null && end - nanos.getAsLong() <= 0) {
            until.remove(name);
            return false;
        }
        return end != null;
    }
}
