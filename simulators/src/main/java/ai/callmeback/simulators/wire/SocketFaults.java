package ai.callmeback.simulators.wire;

import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.Faults;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a vendor puts between its own words and a socket: the time it takes, and the faults it was told to have.
 *
 * <p>Messages leave in order, each not before its time. A fault is taken when something is about to be sent, or when
 * {@link #poll()} is called: SILENT mutes the connection for good, CLOSE ends it, DELAY holds this message and with it
 * those behind it.
 */
public final class SocketFaults {
    private static final Set<FaultKind> KINDS = EnumSet.of(FaultKind.DELAY, FaultKind.SILENT, FaultKind.CLOSE);

    /** More than this put off, and the connection is cut: the delays are no longer those of a vendor that works. */
    private static final int MAX_PENDING = 10_000;

    private record Pending(long releaseNanos, Runnable action) {}

    private final Peer peer;
    private final Faults faults;
    private final String vendor;
    private final String operation;
    private final @Nullable String[] targets;
    private final Queue<Pending> pending = new ArrayDeque<>();
    private boolean silent;

    /** @param targets by which a fault may name this connection: session id, tags and the like */
    public SocketFaults(Peer peer, Faults faults, String vendor, String operation, @Nullable String... targets) {
        this.peer = peer;
        this.faults = faults;
        this.vendor = vendor;
        this.operation = operation;
        this.targets = targets;
    }

    /** Sends {@code message} when {@code delayNanos} have passed, or as soon as what was sent before is gone. */
    public void send(CharSequence message, long delayNanos) {
        long extraNanos = poll();
        if (!silent) {
            inOrder(delayNanos + extraNanos, () -> peer.send(message));
        }
    }

    /** Does {@code action} (a close, as a rule) when all that was sent before is gone. */
    public void afterSent(Runnable action) {
        if (!silent) {
            inOrder(0, action);
        }
    }

    /** Looks for faults now; returns by how many nanoseconds they delay what is sent next. */
    public long poll() {
        Optional<Fault> taken = faults.take(vendor, operation, KINDS, targets);
        if (taken.isEmpty()) {
            return 0;
        }
        Fault fault = taken.get();
        Duration delay = Duration.ofMillis(fault.delayMillis());
        switch (fault.kind()) {
            case SILENT -> silent = true;
            case CLOSE -> peer.after(delay, () -> close(fault.closeCode()));
            default -> {
                return delay.toNanos();
            }
        }
        return 0;
    }

    /** Whether the connection was told never to answer again. */
    public boolean silent() {
        return silent;
    }

    private void close(int code) {
        if (code == 0) {
            peer.abort();
        } else {
            peer.close(code, "");
        }
    }

    private void inOrder(long delayNanos, Runnable action) {
        long release = System.nanoTime() + Math.max(0, delayNanos);
        if (delayNanos <= 0 && pending.isEmpty()) {
            action.run();
            return;
        }
        if (pending.size() == MAX_PENDING) {
            peer.abort();
            return;
        }
        pending.add(new Pending(release, action));
        if (pending.size() == 1) {
            awaitFirst();
        }
    }

    private void awaitFirst() {
        Pending first = pending.peek();
        if (first != null) {
            peer.after(Duration.ofNanos(Math.max(0, first.releaseNanos - System.nanoTime())), this::release);
        }
    }

    private void release() {
        Pending first = pending.peek();
        while (first != null && first.releaseNanos - System.nanoTime() <= 0) {
            pending.remove();
            first.action.run();
            first = pending.peek();
        }
        awaitFirst();
    }
}
