package ai.callmeback.workflows.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.CallbackPolicy;
import ai.callmeback.domain.call.TelephonyState;
import ai.callmeback.domain.usage.UsageReport;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one run of a call workflow knows. Filled by {@link #load} and the handlers, read by the steps. */
final class CallState {
    private final CallId callId;
    private final Map<Integer, AttemptLog> attempts = new HashMap<>();
    private final TreeMap<Integer, UsageReport> pendingUsage = new TreeMap<>();
    private final Set<String> extensions = new HashSet<>();
    private final Set<Integer> legsReported = new HashSet<>();
    private final Set<Integer> legsOwing = new HashSet<>();

    private @Nullable CallSnapshot loaded;
    private CallStatus status = CallStatus.SCHEDULED;
    private @Nullable String reason;
    private String detail = "Waiting to be read";
    private Instant scheduledFor = Instant.EPOCH;
    private int plannedSeconds;
    private int attempt;
    private int cutOffRedials;
    private int billedSeconds;
    private int mediaLeg;
    private boolean cancelAsked;
    private @Nullable String hangUpBy;

    CallState(CallId callId) {
        this.callId = callId;
    }

    void load(CallSnapshot snapshot) {
        loaded = snapshot;
        status = snapshot.status();
        reason = snapshot.reason();
        scheduledFor = snapshot.scheduledFor();
        plannedSeconds = snapshot.plannedSeconds();
        attempt = snapshot.attempt();
        cutOffRedials = snapshot.cutOffRedials();
        billedSeconds = snapshot.billedSeconds() == null ? 0 : snapshot.billedSeconds();
        snapshot.attempts().forEach(known -> {
            // Signals may have come before the row was read, and they are newer.
            AttemptLog log = log(known.attempt());
            if (!log.known()) {
                log.restore(known);
            }
        });
    }

    CallId callId() {
        return callId;
    }

    boolean isLoaded() {
        return loaded != null;
    }

    CallSnapshot snapshot() {
        if (loaded == null) {
            throw new IllegalStateException("the call has not been read yet");
        }
        return loaded;
    }

    CallbackPolicy policy() {
        return snapshot().policy();
    }

    /** From when patience is counted. */
    Instant due() {
        Instant due = snapshot().dueAt();
        return due == null ? scheduledFor : due;
    }

    CallStatus status() {
        return status;
    }

    @Nullable
    String reason() {
        return reason;
    }

    void moved(CallStatus to, @Nullable String why) {
        status = to;
        if (why != null) {
            reason = why;
        }
    }

    void describe(String words) {
        detail = words;
    }

    Instant scheduledFor() {
        return scheduledFor;
    }

    void rescheduled(Instant at) {
        scheduledFor = at;
    }

    int attempt() {
        return attempt;
    }

    /** Opens the next attempt; rings after a cut-off do not count against the policy. */
    AttemptLog openAttempt(int number, int redials) {
        attempt = number;
        cutOffRedials = redials;
        return log(number);
    }

    int policyAttempts() {
        return attempt - cutOffRedials;
    }

    int cutOffRedials() {
        return cutOffRedials;
    }

    AttemptLog log(int number) {
        return attempts.computeIfAbsent(number, AttemptLog::new);
    }

    void speaking(int leg) {
        mediaLeg = leg;
        legsOwing.add(leg);
    }

    void silent() {
        mediaLeg = 0;
    }

    /** Its worker will say nothing more of it. */
    void legDied(int leg) {
        legsOwing.remove(leg);
    }

    /** A leg that ended in order has not told yet what it used in all. */
    boolean awaitsLastUsage() {
        return !legsReported.containsAll(legsOwing);
    }

    int plannedSeconds() {
        return plannedSeconds;
    }

    void extendedBy(int seconds, String requestId) {
        plannedSeconds += seconds;
        extensions.add(requestId);
    }

    boolean extendedAlready(String requestId) {
        return extensions.contains(requestId);
    }

    void billed(int seconds) {
        billedSeconds = seconds;
    }

    boolean cancelAsked() {
        return cancelAsked;
    }

    void askCancel() {
        cancelAsked = true;
    }

    @Nullable
    String hangUpBy() {
        return hangUpBy;
    }

    void askHangUp(String by) {
        if (hangUpBy == null) {
            hangUpBy = by;
        }
    }

    void take(TelephonyStatus report) {
        log(report.attempt()).take(report);
        // The relay has moved the row already.
        if (report.state() == TelephonyState.RINGING && report.attempt() == attempt && status == CallStatus.DIALING) {
            status = CallStatus.RINGING;
        }
    }

    /** Counters are cumulative within a leg: only the latest of each is worth keeping. */
    void take(UsageReport report) {
        if (report.last()) {
            legsReported.add(report.mediaLeg());
        }
        pendingUsage.merge(
                report.mediaLeg(), report, (known, next) -> known.sequence() >= next.sequence() ? known : next);
    }

    boolean hasUsage() {
        return !pendingUsage.isEmpty();
    }

    UsageReport nextUsage() {
        return pendingUsage.pollFirstEntry().getValue();
    }

    CallView view() {
        return new CallView(status, detail, attempt, scheduledFor, mediaLeg, plannedSeconds, reason);
    }

    CallSummary summary() {
        return new CallSummary(status, reason, attempt, billedSeconds);
    }
}
