package ai.callmeback.voice.call;

import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.domain.usage.UsageTotals;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import ai.callmeback.workflows.call.ConverseResult;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one leg has used and how it stands: reported every fifteen seconds, shown to other threads every half second. */
final class LegAccount {
    private static final long USAGE_EVERY_MILLIS = 15_000;
    private static final long SNAPSHOT_EVERY_MILLIS = 500;

    private final CallLoop loop;
    private final CallSetup setup;
    private final CallPorts ports;
    private final Supplier<UsageTotals> totals;
    private @Nullable Timer usageTimer;
    private @Nullable Timer snapshotTimer;
    private long firstMediaMillis = -1;
    private long lastMediaMillis;
    private long usageSequence;
    private int userWords;
    private int turnsOver;
    private boolean vendorFault;
    private volatile LegSnapshot snapshot = LegSnapshot.NONE;

    LegAccount(CallLoop loop, CallSetup setup, CallPorts ports, Supplier<UsageTotals> totals) {
        this.loop = loop;
        this.setup = setup;
        this.ports = ports;
        this.totals = totals;
    }

    void start() {
        usageLater();
        publishSnapshot();
    }

    /** Media came, this late in the stream. */
    void mediaAt(long timestampMillis) {
        firstMediaMillis = firstMediaMillis < 0 ? timestampMillis : firstMediaMillis;
        lastMediaMillis = timestampMillis;
    }

    void userSaid(String text) {
        userWords += text.strip().split("\\s+", -1).length;
    }

    void turnOver() {
        turnsOver++;
    }

    /** A vendor's failure spoiled the talk: it may not be charged. */
    void vendorFailed() {
        vendorFault = true;
    }

    /** How the leg stands; may be read on any thread. */
    LegSnapshot snapshot() {
        return snapshot;
    }

    /** Reports the last usage and how the leg ended; nothing is reported afterwards. */
    void close(EndReason reason, long lateMillis) {
        if (usageTimer != null) {
            usageTimer.cancel();
        }
        if (snapshotTimer != null) {
            snapshotTimer.cancel();
        }
        reportUsage(true);
        ConverseResult result = new ConverseResult(
                reason.callOver() ? ConverseResult.End.CALL_ENDED : ConverseResult.End.HANDED_OVER,
                reason.endedBy(),
                reason.code(),
                firstMediaMillis < 0 ? 0 : lastMediaMillis - firstMediaMillis,
                userWords,
                lateMillis,
                vendorFault);
        snapshot = new LegSnapshot(lastMediaMillis, turnsOver, totals.get(), result);
        ports.reports().ended(setup, result);
    }

    private void usageLater() {
        usageTimer = loop.after(USAGE_EVERY_MILLIS, () -> {
            reportUsage(false);
            usageLater();
        });
    }

    private void reportUsage(boolean last) {
        ports.reports()
                .usage(new UsageReport(
                        setup.callId(),
                        setup.mediaLeg(),
                        ++usageSequence,
                        ports.clock().instant(),
                        lastMediaMillis,
                        last,
                        totals.get()));
    }

    private void publishSnapshot() {
        snapshot = new LegSnapshot(lastMediaMillis, turnsOver, totals.get(), null);
        snapshotTimer = loop.after(SNAPSHOT_EVERY_MILLIS, this::publishSnapshot);
    }
}
