package ai.callmeback.voice.report;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.voice.call.CallReports;
import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.workflows.call.CallWorkflows;
import ai.callmeback.workflows.call.ConverseResult;
import ai.callmeback.workflows.call.MediaConnected;
import ai.callmeback.workflows.call.MediaEnded;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks to the workflows of all calls, on virtual threads: a signal blocks for seconds while Temporal is away.
 *
 * <p>Each leg has a letter box that holds at most four things: that it began, that a machine answered, its latest usage,
 * that it is over. They are told in that order, each until it is taken; what a workflow that is gone cannot take is let
 * go, but the box stays for what comes after it (after a loss of Temporal's data the workflow comes back); a newer usage
 * replaces one not yet told, since its counters contain it. At most {@value #SIGNALS_AT_ONCE} signals are under way; at most {@value #BOXES_MOST} boxes
 * exist, beyond which a new leg is not reported (its journal and lease tell the workflow what it must know).
 */
public final class Reporter implements CallReports, AutoCloseable {
    static final int SIGNALS_AT_ONCE = 64;
    static final int BOXES_MOST = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);
    private static final long RETRY_MILLIS = 500;
    private static final long RETRY_MOST_MILLIS = 5_000;

    private record Leg(CallId callId, int mediaLeg) {}

    private final WorkflowSignals signals;
    private final String incarnation;
    private final BiConsumer<CallSetup, ConverseResult> onEnded;
    private final Map<Leg, Box> boxes = new ConcurrentHashMap<>();
    private final Semaphore atOnce = new Semaphore(SIGNALS_AT_ONCE);
    private final AtomicLong dropped = new AtomicLong();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("reporter-", 0).factory());

    /** @param onEnded told of each leg's end at once, on the leg's loop */
    public Reporter(WorkflowSignals signals, String incarnation, BiConsumer<CallSetup, ConverseResult> onEnded) {
        this.signals = signals;
        this.incarnation = incarnation;
        this.onEnded = onEnded;
    }

    @Override
    public void connected(CallSetup leg) {
        if (boxes.size() >= BOXES_MOST) {
            dropped.incrementAndGet();
            return;
        }
        Box box = new Box(leg.callId());
        boxes.put(new Leg(leg.callId(), leg.mediaLeg()), box);
        box.connected = new MediaConnected(
                leg.attempt(), leg.mediaLeg(), incarnation, CallWorkflows.voiceQueue(incarnation), leg.callSid());
        box.wake();
    }

    @Override
    public void machineHeard(CallSetup leg) {
        Box box = boxes.get(new Leg(leg.callId(), leg.mediaLeg()));
        if (box != null) {
            synchronized (box) {
                box.machineOfAttempt = leg.attempt();
            }
            box.wake();
        }
    }

    @Override
    public void usage(UsageReport report) {
        Box box = boxes.get(new Leg(report.callId(), report.mediaLeg()));
        if (box != null) {
            synchronized (box) {
                box.usage = report;
            }
            box.wake();
        }
    }

    @Override
    public void ended(CallSetup leg, ConverseResult result) {
        onEnded.accept(leg, result);
        Box box = boxes.get(new Leg(leg.callId(), leg.mediaLeg()));
        if (box != null) {
            synchronized (box) {
                box.ended = new MediaEnded(leg.attempt(), leg.mediaLeg(), result);
            }
            box.wake();
        }
    }

    /** Legs that could not be reported because too many waited. */
    public long dropped() {
        return dropped.get();
    }

    /** Boxes not yet empty for good. */
    public int open() {
        return boxes.size();
    }

    /** Tells what is left, for at most five seconds. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("{} legs not fully reported", boxes.size());
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            threads.shutdownNow();
        }
    }

    private final class Box {
        private final CallId callId;
        private @Nullable MediaConnected connected;
        private @Nullable Integer machineOfAttempt;
        private @Nullable UsageReport usage;
        private @Nullable MediaEnded ended;
        private boolean busy;

        Box(CallId callId) {
            this.callId = callId;
        }

        void wake() {
            synchronized (this) {
                if (busy || threads.isShutdown()) {
                    return;
                }
                busy = true;
            }
            threads.execute(this::deliver);
        }

        private void deliver() {
            for (Runnable next = next(); next != null; next = next()) {
                if (!tell(next)) {
                    return;
                }
            }
        }

        /** Takes the next thing to tell, or goes idle. */
        private synchronized @Nullable Runnable next() {
            if (connected != null) {
                MediaConnected now = connected;
                connected = null;
                return () -> unlessGone(() -> signals.connected(callId, now));
            }
            if (machineOfAttempt != null) {
                int attempt = machineOfAttempt;
                machineOfAttempt = null;
                return () -> signals.machineHeard(callId, attempt);
            }
            if (usage != null) {
                UsageReport now = usage;
                usage = null;
                return () -> unlessGone(() -> signals.usage(callId, now));
            }
            if (ended != null) {
                MediaEnded now = ended;
                ended = null;
                return () -> {
                    unlessGone(() -> signals.ended(callId, now));
                    boxes.remove(new Leg(callId, now.mediaLeg()), this);
                };
            }
            busy = false;
            return null;
        }

        private void unlessGone(Runnable signal) {
            try {
                signal.run();
            } catch (WorkflowSignals.WorkflowGone e) {
                LOG.info("call {}: its workflow is over, or not there again yet", callId);
            }
        }

        /** Tries until it is told; false if it never will be. */
        private boolean tell(Runnable signal) {
            for (long wait = RETRY_MILLIS; ; wait = Math.min(RETRY_MOST_MILLIS, wait * 2)) {
                try {
                    atOnce.acquire();
                    try {
                        signal.run();
                        return true;
                    } finally {
                        atOnce.release();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                } catch (RuntimeException e) {
                    LOG.warn("call {} not reported, trying again in {} ms: {}", callId, wait, e.toString());
                }
                try {
                    TimeUnit.MILLISECONDS.sleep(wait);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
    }
}
