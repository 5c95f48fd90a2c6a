package ai.callmeback.workflows.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.call.CallLifecycle;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.CallbackPolicy;
import ai.callmeback.domain.call.EndedBy;
import ai.callmeback.domain.call.TelephonyState;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.domain.usage.UsageTotals;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Database, ledger, telephony and voice workers behind the activity interfaces, in memory: keeps the same promises (moves
 * by the one table, dials once per attempt) and remembers what really happened.
 */
final class FakeWorld
        implements CallRecordActivities,
                AdmissionActivities,
                DialActivities,
                MediaActivities,
                SettlementActivities,
                AftercareActivities,
                ConverseActivity {
    static final String VOICE_QUEUE = CallWorkflows.voiceQueue("w1");

    /** What the phone does when it is dialled. */
    enum Phone {
        TALKS,
        BUSY,
        NO_ANSWER,
        FAILS,
        RINGS_ON,
        ANSWERS_WITHOUT_MEDIA
    }

    final CallId callId = new CallId(UUID.randomUUID());
    final List<CallStatus> moves = new CopyOnWriteArrayList<>();
    final List<Integer> posts = new CopyOnWriteArrayList<>();
    final List<Notice> notices = new CopyOnWriteArrayList<>();
    final List<String> commands = new CopyOnWriteArrayList<>();
    final List<UsageReport> usage = new CopyOnWriteArrayList<>();
    final List<TalkEnd> ends = new CopyOnWriteArrayList<>();
    final Set<Integer> intents = new HashSet<>();
    final Map<Integer, String> sids = new HashMap<>();

    volatile CallStatus status = CallStatus.SCHEDULED;
    volatile Instant scheduledFor;
    volatile boolean immediate = true;
    /** Somebody cancels in the row just after the workflow has read it. */
    volatile boolean cancelOnLoad;

    volatile @Nullable String refusal;
    volatile CallbackPolicy policy = CallbackPolicy.DEFAULT;
    volatile IntFunction<Phone> phone = attempt -> Phone.TALKS;
    volatile @Nullable DialResult dialAnswer;
    volatile boolean callbackBeforeAnswer;
    volatile @Nullable String listed;
    volatile @Nullable TelephonyStatus fetched;
    volatile MediaLook media = new MediaLook(0, 0, "", false, false);
    /** The worker never returns by itself; the activity is given up when the workflow has no more use for it. */
    static final IntFunction<ConverseResult> WATCH_ENDS = leg -> {
        throw ApplicationFailure.newNonRetryableFailure("the watch ended", "watch");
    };

    /** Told before {@link #media}, one after the other. */
    final Queue<MediaLook> looks = new ConcurrentLinkedQueue<>();

    volatile IntFunction<ConverseResult> talk = leg -> userHungUp();
    volatile boolean lastUsageInTime = true;
    volatile boolean chargingStopped;
    volatile int extensionSeconds;
    volatile @Nullable String extensionRefusal;
    volatile boolean limitFails;
    volatile boolean inbound;
    final AtomicInteger settlements = new AtomicInteger();
    final AtomicInteger costRuns = new AtomicInteger();
    volatile List<CallSnapshot.Attempt> known = List.of();
    private volatile @Nullable WorkflowClient client;

    private final Map<Integer, Instant> postedAt = new HashMap<>();
    private final InstantSource clock;

    FakeWorld(InstantSource clock) {
        this.clock = clock;
        scheduledFor = clock.instant();
    }

    void connect(WorkflowClient temporal) {
        client = temporal;
    }

    static ConverseResult userHungUp() {
        return new ConverseResult(ConverseResult.End.CALL_ENDED, EndedBy.USER, "user_hung_up", 60_000, 12, 0, false);
    }

    WorkflowStub workflow() {
        return client.newUntypedWorkflowStub(CallWorkflows.workflowId(callId));
    }

    void report(int attempt, TelephonyState state) {
        sids.putIfAbsent(attempt, "CA" + attempt);
        workflow()
                .signal(
                        "telephonyStatus",
                        new TelephonyStatus(
                                attempt,
                                "CA" + attempt,
                                state,
                                state == TelephonyState.COMPLETED ? 60 : null,
                                null,
                                null,
                                Instant.EPOCH));
    }

    void connectMedia(int attempt, int leg) {
        media = new MediaLook(attempt, leg, "w1", true, false);
        workflow().signal("mediaConnected", new MediaConnected(attempt, leg, "w1", VOICE_QUEUE, "CA" + attempt));
    }

    /** Somebody has rung, and the webhook has let the call in: it stands ringing, its attempt known. */
    void rings() {
        inbound = true;
        status = CallStatus.RINGING;
        policy = new CallbackPolicy(1, List.of(), CallbackPolicy.MIN_GIVE_UP_SECONDS);
        known = List.of(new CallSnapshot.Attempt(1, "CA1", TelephonyState.RINGING, null, null));
        sids.put(1, "CA1");
    }

    /** As somebody beside the talk would. */
    void extend(int minutes, String requestId) {
        workflow().update("extend", CallView.class, new Requests.Extend(minutes, requestId));
    }

    @Override
    public CallSnapshot load(CallId id) {
        CallStatus found = status;
        if (cancelOnLoad) {
            status = CallStatus.CANCELED;
        }
        return new CallSnapshot(
                id,
                found,
                null,
                "brad_001",
                "u-7f3a",
                immediate,
                scheduledFor,
                null,
                300,
                300 + extensionSeconds,
                policy,
                known.size(),
                0,
                null,
                known,
                inbound);
    }

    @Override
    public CallStatus advance(Advance step) {
        return move(step.to());
    }

    private synchronized CallStatus move(CallStatus to) {
        if (status != to && CallLifecycle.allows(status, to)) {
            status = to;
            moves.add(to);
        }
        return status;
    }

    @Override
    public boolean moveSchedule(CallId id, Requests.Reschedule request) {
        scheduledFor = request.at();
        return status == CallStatus.SCHEDULED;
    }

    @Override
    public @Nullable String extendCall(CallId id, String requestId, int added, int total) {
        if (extensionRefusal == null) {
            extensionSeconds = total;
        }
        return extensionRefusal;
    }

    @Override
    public void storeUsage(UsageReport report) {
        usage.add(report);
    }

    @Override
    public void noteEnd(CallId id, TalkEnd end) {
        ends.add(end);
    }

    @Override
    public Admission admit(CallId id) {
        if (refusal == null) {
            move(CallStatus.ADMITTED);
        }
        return new Admission(refusal, "");
    }

    @Override
    public void prepareBrief(CallId id, int attempt, boolean afterCutOff) {
        commands.add("brief " + attempt + (afterCutOff ? " after cut-off" : ""));
    }

    @Override
    public DialResult dial(CallId id, int attempt, boolean afterCutOff) {
        move(CallStatus.DIALING);
        if (!intents.add(attempt)) {
            String sid = sids.get(attempt);
            return sid == null ? DialResult.of(DialResult.Kind.UNKNOWN, "unknown", "") : DialResult.accepted(sid);
        }
        DialResult answer = dialAnswer;
        if (answer == null || answer.kind() == DialResult.Kind.UNKNOWN) {
            posts.add(attempt);
            postedAt.put(attempt, clock.instant());
        }
        if (answer == null || callbackBeforeAnswer) {
            act(attempt);
        }
        return answer == null ? DialResult.accepted("CA" + attempt) : answer;
    }

    private void act(int attempt) {
        report(attempt, TelephonyState.RINGING);
        switch (phone.apply(attempt)) {
            case TALKS -> {
                report(attempt, TelephonyState.IN_PROGRESS);
                connectMedia(attempt, media.mediaLeg() + 1);
            }
            case BUSY -> report(attempt, TelephonyState.BUSY);
            case NO_ANSWER -> report(attempt, TelephonyState.NO_ANSWER);
            case FAILS -> report(attempt, TelephonyState.FAILED);
            case ANSWERS_WITHOUT_MEDIA -> report(attempt, TelephonyState.IN_PROGRESS);
            case RINGS_ON -> {
                // Says nothing more.
            }
        }
    }

    @Override
    public DialResult resolveDial(CallId id, int attempt) {
        commands.add("list " + attempt);
        if (listed == null) {
            return DialResult.of(DialResult.Kind.UNKNOWN, "not_listed", "");
        }
        act(attempt);
        return DialResult.accepted(listed);
    }

    @Override
    public DialResult abandonDial(CallId id, int attempt) {
        commands.add("abandon " + attempt);
        return DialResult.of(DialResult.Kind.ABANDONED, "abandoned", "");
    }

    @Override
    public @Nullable TelephonyStatus lookAtCall(CallId id, int attempt) {
        commands.add("look " + attempt);
        return fetched;
    }

    @Override
    public void endCall(CallId id, int attempt) {
        commands.add("end " + attempt);
        boolean answered = status == CallStatus.IN_PROGRESS;
        report(attempt, answered ? TelephonyState.COMPLETED : TelephonyState.CANCELED);
    }

    @Override
    public void redirectCall(CallId id, int attempt) {
        commands.add("redirect " + attempt);
        connectMedia(attempt, media.mediaLeg() + 1);
    }

    @Override
    public void limitCall(CallId id, int attempt, int talkSeconds) {
        if (limitFails) {
            throw ApplicationFailure.newNonRetryableFailure("refused", "vendor_refused");
        }
        commands.add("limit " + attempt + " to " + talkSeconds);
    }

    @Override
    public MediaLook lookAtMedia(CallId id) {
        MediaLook next = looks.poll();
        return next == null ? media : next;
    }

    @Override
    public void requestHangUp(CallId id, String by) {
        commands.add("hang up by " + by);
    }

    @Override
    public Settled settle(CallId id) {
        if (chargingStopped) {
            chargingStopped = false;
            return new Settled("PENDING", "charging_stopped", 0, 0, "by_the_second");
        }
        settlements.incrementAndGet();
        return status == CallStatus.ENDED
                ? new Settled("CHARGED", "by_the_second", 60, 60, "by_the_second")
                : new Settled("NOT_CHARGED", "never_answered", 0, 0, "by_the_second");
    }

    @Override
    public Costs recordCosts(CallId id) {
        costRuns.incrementAndGet();
        return new Costs(424_500, true);
    }

    @Override
    public void notifyUser(CallId id, Notice notice) {
        notices.add(notice);
    }

    @Override
    public int closeTranscript(CallId id) {
        commands.add("transcript");
        return 4;
    }

    @Override
    public void summarize(CallId id) {
        commands.add("summary");
    }

    @Override
    public void purgeConversation(CallId id) {
        commands.add("purge");
    }

    @Override
    public ConverseResult converse(ConverseInput input) {
        use(input.mediaLeg(), 1, false);
        ConverseResult result = talk.apply(input.mediaLeg());
        if (lastUsageInTime) {
            use(input.mediaLeg(), 2, true);
        }
        if (result.end() == ConverseResult.End.CALL_ENDED) {
            media = new MediaLook(input.attempt(), input.mediaLeg(), "w1", false, true);
            report(input.attempt(), TelephonyState.COMPLETED);
        }
        return result;
    }

    void use(int leg, long sequence, boolean last) {
        workflow()
                .signal(
                        "usage",
                        new UsageReport(
                                callId, leg, sequence, Instant.EPOCH, 15_000 * sequence, last, UsageTotals.NONE));
    }

    /** Workflow time between two dials. */
    Duration between(int attempt, int later) {
        return Duration.between(postedAt.get(attempt), postedAt.get(later));
    }
}
