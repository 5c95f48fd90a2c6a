package ai.callmeback.voice.worker;

import ai.callmeback.db.call.MediaLease;
import ai.callmeback.db.call.MediaOwners;
import ai.callmeback.db.call.VoiceWorker;
import ai.callmeback.db.call.VoiceWorkers;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.domain.settlement.CallFacts;
import ai.callmeback.voice.call.CallSession;
import ai.callmeback.voice.call.EndReason;
import ai.callmeback.voice.socket.LiveCalls;
import ai.callmeback.workflows.call.CallWorkflows;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the worker known and its leases fresh, every second, and takes with each renewal what the workflow wants of a
 * call: more time, or its end. Works while Temporal is down; while the database is down the calls simply go on, for
 * nobody else can claim them then either.
 */
final class WorkerLife implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerLife.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final VoiceWorkers workers;
    private final MediaOwners owners;
    private final LiveCalls calls;
    private final VoiceWorker self;
    private final Map<Object, Integer> allowed = new HashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("worker-life").daemon().factory());
    private boolean registered;
    private volatile boolean draining;

    WorkerLife(VoiceWorkers workers, MediaOwners owners, LiveCalls calls, String incarnation, String mediaUrl) {
        this.workers = workers;
        this.owners = owners;
        this.calls = calls;
        this.self = new VoiceWorker(incarnation, mediaUrl, CallWorkflows.voiceQueue(incarnation), calls.capacity(), 0);
    }

    void start() {
        var unused = timer.scheduleWithFixedDelay(this::beat, 0, 1, TimeUnit.SECONDS);
    }

    /** Whether the database knows us. */
    synchronized boolean isRegistered() {
        return registered;
    }

    private void beat() {
        try {
            keepKnown();
            keepLeases();
        } catch (RuntimeException e) {
            LOG.warn("heartbeat not written: {}", e.toString());
        }
    }

    private synchronized void keepKnown() {
        if (registered) {
            registered = Boolean.TRUE.equals(
                    workers.heartbeat(self.incarnation(), calls.count()).block(DEADLINE));
        }
        if (!registered && !draining) {
            workers.register(self).block(DEADLINE);
            registered = true;
            LOG.info("voice worker {} takes calls at {}", self.incarnation(), self.mediaUrl());
        }
    }

    private void keepLeases() {
        List<MediaLease> leases = owners.renew(self.incarnation(), calls.callIds(), Limits.MEDIA_LEASE)
                .collectList()
                .block(DEADLINE);
        for (MediaLease lease : leases == null ? List.<MediaLease>of() : leases) {
            LiveCalls.Live live = calls.find(lease.callId());
            if (live != null) {
                apply(lease, live);
            }
        }
        allowed.keySet().retainAll(calls.callIds());
    }

    private void apply(MediaLease lease, LiveCalls.Live live) {
        if (!lease.owned()) {
            live.run(CallSession::superseded);
        } else if (lease.hangUp() != null) {
            end(live, lease.hangUp());
        } else {
            String answeredBy = lease.answeredBy();
            if (answeredBy != null && CallFacts.isMachine(answeredBy)) {
                live.run(session -> session.machineAnswered(answeredBy.equals("fax")));
            }
            Integer before = allowed.put(lease.callId(), lease.plannedSeconds());
            if (before != null && before != lease.plannedSeconds()) {
                live.run(session -> session.allow(lease.plannedSeconds()));
            }
        }
    }

    private static void end(LiveCalls.Live live, String by) {
        switch (by) {
            case "user" -> live.run(session -> session.requestEnd(EndReason.REQUESTED));
            case "budget" -> live.run(session -> session.requestEnd(EndReason.BUDGET));
            case "machine" -> live.run(session -> session.endNow(EndReason.MACHINE));
            default -> live.run(session -> session.requestEnd(EndReason.STOPPED));
        }
    }

    /**
     * Takes no new calls, hands the present ones to other workers, or lets them end if there is none; returns when no call
     * is left or the time is over.
     */
    void drain(Duration patience) {
        draining = true;
        workers.drain(self.incarnation()).onErrorComplete().block(DEADLINE);
        boolean others = Boolean.TRUE.equals(
                workers.live(1).hasElements().onErrorReturn(false).block(DEADLINE));
        LOG.info(
                "voice worker {} drains {} calls, {}",
                self.incarnation(),
                calls.count(),
                others ? "by moving them" : "to their end");
        if (others) {
            calls.all().forEach(live -> live.run(CallSession::handOver));
        }
        long until = System.nanoTime() + patience.toNanos();
        try {
            while (calls.count() > 0 && System.nanoTime() < until) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        workers.remove(self.incarnation()).onErrorComplete().block(DEADLINE);
    }
}
