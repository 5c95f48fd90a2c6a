package ai.callmeback.voice.journal;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.JournalEvent;
import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.voice.call.CallJournal;
import ai.callmeback.voice.loop.CallLoop;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the journals of all calls of the worker together: one batch at a time, a new one at the earliest
 * {@value #FLUSH_MILLIS} ms after the last, on a thread of its own. Calls only add to a queue.
 *
 * <p>The thread sleeps until it is woken, by the event loop of the call that added the first line since it last looked,
 * {@value #REST_MILLIS} ms after that line. What ends a turn is noted just when its answer begins to be made: a journal that
 * set to work at once would take the processor from the call that needs it now; and one that looked by itself whether there
 * is work would, on a worker with a single call, take a quarter of what the call does.
 *
 * <p>While the database is away lines wait, at most {@value #MOST_WAITING}; beyond three quarters of that partial
 * transcripts are dropped, which the next one replaces anyway, and beyond all of it every line is, and counted. A batch
 * is tried again until it is written: a repeat writes nothing twice.
 */
public final class JournalWriter implements AutoCloseable {
    static final int MOST_WAITING = 50_000;
    static final long FLUSH_MILLIS = 50;
    static final long REST_MILLIS = 15;

    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    private static final int BATCH_MOST = 1000;
    private static final long RETRY_MOST_MILLIS = 1000;
    private static final int SPLIT_AFTER_FAILURES = 3;
    private static final int REFUSED_MOST = 1000;

    private final JournalStore store;
    private final Fenced fenced;
    private final InstantSource clock;
    private final Queue<Item> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;
    /** Whether somebody has undertaken to wake the thread, or has and it has not looked yet. */
    private final AtomicBoolean wakePlanned = new AtomicBoolean();

    private volatile boolean woken;

    /** The last legs that were refused; the writer's thread alone. */
    private final Set<Leg> refused = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Leg, Boolean> eldest) {
            return size() > REFUSED_MOST;
        }
    });

    private volatile boolean closing;

    /** A line to write, or something to do when all before it is written. */
    private record Item(
            @Nullable JournalEvent line, @Nullable Runnable then) {}

    private record Batch(List<JournalEvent> lines, List<Runnable> then) {}

    /** Where batches go. */
    @FunctionalInterface
    public interface JournalStore {
        /**
         * Writes lines of any number of calls, all or none, skipping those already there; blocks.
         *
         * @return the legs that are no longer this worker's, whose lines were refused
         */
        List<Leg> append(List<JournalEvent> lines);
    }

    /** One leg of one call. */
    public record Leg(CallId callId, int mediaLeg) {}

    /** Told of legs that are no longer ours, on the writer's thread. */
    @FunctionalInterface
    public interface Fenced {
        void fenced(Leg leg);
    }

    public JournalWriter(JournalStore store, Fenced fenced, InstantSource clock) {
        this.store = store;
        this.fenced = fenced;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("journal").daemon().unstarted(this::run);
    }

    public JournalWriter start() {
        thread.start();
        return this;
    }

    /** The journal of one leg, used on this loop only; its lines are numbered from 1 without holes. */
    public CallJournal open(CallLoop loop, CallId callId, int mediaLeg) {
        return new LegJournal(loop, callId, mediaLeg);
    }

    /** Lines lost because too many waited. */
    public long dropped() {
        return dropped.get();
    }

    public int waiting() {
        return waiting.get();
    }

    /** Writes what waits, for at most five seconds, and stops. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }

    private boolean hasRoom(JournalKind kind) {
        int now = waiting.get();
        return now < MOST_WAITING && (kind != JournalKind.USER_PARTIAL || now < MOST_WAITING / 4 * 3);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            awaitWork();
            long began = System.nanoTime();
            woken = false;
            // Before looking: what is added from now on is seen, or wakes again.
            wakePlanned.set(false);
            Batch batch = takeBatch();
            if (!batch.lines().isEmpty() && !write(batch.lines())) {
                return;
            }
            batch.then().forEach(Runnable::run);
            if (batch.lines().isEmpty() && closing) {
                return;
            }
            woken |= batch.lines().size() == BATCH_MOST;
            restUntil(began + TimeUnit.MILLISECONDS.toNanos(FLUSH_MILLIS), () -> closing);
        }
    }

    private void awaitWork() {
        while (!woken && !closing && !Thread.currentThread().isInterrupted()) {
            LockSupport.park(this);
        }
    }

    /** Whoever wakes the thread meanwhile does not make the rest shorter. */
    private void restUntil(long nanos, BooleanSupplier unless) {
        for (long left = nanos - System.nanoTime();
                left > 0 && !unless.getAsBoolean() && !Thread.currentThread().isInterrupted();
                left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private void planToWake(CallLoop loop) {
        if (!wakePlanned.compareAndSet(false, true)) {
            return;
        }
        if (loop.isEnding()) {
            wake();
        } else {
            loop.after(REST_MILLIS, this::wake);
        }
    }

    private void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }

    private Batch takeBatch() {
        Batch batch = new Batch(new ArrayList<>(), new ArrayList<>(0));
        while (batch.lines().size() < BATCH_MOST) {
            Item item = queue.poll();
            if (item == null) {
                break;
            }
            if (item.line() != null) {
                batch.lines().add(item.line());
            }
            if (item.then() != null) {
                batch.then().add(item.then());
            }
        }
        waiting.addAndGet(-batch.lines().size());
        return batch;
    }

    /** Until they are written, or refused; false if there is no more time for it. */
    private boolean write(List<JournalEvent> batch) {
        for (int failures = 0; !Thread.currentThread().isInterrupted(); failures++) {
            RuntimeException failure = tryWrite(batch);
            if (failure == null) {
                return true;
            }
            if (failures == 0) {
                LOG.warn("journal of {} lines not written, trying again: {}", batch.size(), failure.toString());
            }
            if (failures >= SPLIT_AFTER_FAILURES && isRefusal(failure)) {
                writeOneByOne(batch);
                return true;
            }
            // Not shorter for closing: a database that is away is not to be asked without pause until we are
            // interrupted.
            long pauseMillis = Math.min(RETRY_MOST_MILLIS, 50L << Math.min(failures, 5));
            restUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis), () -> false);
        }
        return false;
    }

    /** A line the database will never take must not hold up the other calls: it is left out and counted. */
    private void writeOneByOne(List<JournalEvent> batch) {
        for (JournalEvent line : batch) {
            RuntimeException failure = tryWrite(List.of(line));
            if (failure != null) {
                dropped.incrementAndGet();
                LOG.error("journal line {} of call {} left out: {}", line.kind(), line.callId(), failure.toString());
            }
        }
    }

    private @Nullable RuntimeException tryWrite(List<JournalEvent> batch) {
        try {
            for (Leg leg : store.append(batch)) {
                refused.add(leg);
                fenced.fenced(leg);
            }
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private static boolean isRefusal(RuntimeException failure) {
        return failure instanceof org.springframework.dao.NonTransientDataAccessException
                || failure instanceof IllegalArgumentException;
    }

    private final class LegJournal implements CallJournal {
        private final CallLoop loop;
        private final CallId callId;
        private final int mediaLeg;
        private long sequence;
        private boolean lastKept = true;

        LegJournal(CallLoop loop, CallId callId, int mediaLeg) {
            this.loop = loop;
            this.callId = callId;
            this.mediaLeg = mediaLeg;
        }

        @Override
        public void whenWritten(Runnable then) {
            put(new Item(null, then));
        }

        @Override
        public void whenTaken(Runnable then) {
            if (lastKept) {
                Leg leg = new Leg(callId, mediaLeg);
                whenWritten(() -> {
                    if (!refused.contains(leg)) {
                        then.run();
                    }
                });
            }
        }

        @Override
        public void add(Line line) {
            lastKept = hasRoom(line.kind());
            if (!lastKept) {
                dropped.incrementAndGet();
                return;
            }
            waiting.incrementAndGet();
            JournalEvent event = new JournalEvent(
                    callId,
                    mediaLeg,
                    ++sequence,
                    clock.instant(),
                    line.kind(),
                    line.turn(),
                    line.segment(),
                    // PostgreSQL has no text with this character in it.
                    line.text().replace("\0", ""),
                    line.charEndMs(),
                    line.heardMs(),
                    line.interrupted(),
                    line.latencyMs(),
                    line.detail());
            put(new Item(event, null));
        }

        private void put(Item item) {
            queue.add(item);
            planToWake(loop);
        }
    }
}
