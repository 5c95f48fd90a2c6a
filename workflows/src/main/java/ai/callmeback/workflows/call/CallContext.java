package ai.callmeback.workflows.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.call.CallLifecycle;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.workflows.call.AftercareActivities.Notice;
import io.temporal.common.SearchAttributeUpdate;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What the steps of a call share: its state, its activities, and the one way to move it forward. */
final class CallContext {
    private static final Logger log = Workflow.getLogger(CallContext.class);

    private final CallState state;
    private final List<SearchAttributeUpdate<?>> notes = new ArrayList<>();
    private final CallRecordActivities records = ActivityPolicy.RECORD.stub(CallRecordActivities.class);
    private final DialActivities looks = ActivityPolicy.LOOK.stub(DialActivities.class);
    private final DialActivities commands = ActivityPolicy.COMMAND.stub(DialActivities.class);
    private final AftercareActivities aftercare = ActivityPolicy.AFTERCARE.stub(AftercareActivities.class);
    private final MediaActivities media = ActivityPolicy.RECORD.stub(MediaActivities.class);

    CallContext(CallState state) {
        this.state = state;
    }

    CallState state() {
        return state;
    }

    CallId callId() {
        return state.callId();
    }

    CallRecordActivities records() {
        return records;
    }

    MediaActivities media() {
        return media;
    }

    /** What operators read and search by, once the call is known. */
    void introduce() {
        CallSnapshot call = state.snapshot();
        note(CallSearch.STATUS.valueSet(call.status().name()));
        note(CallSearch.PERSONA.valueSet(call.personaId()));
        note(CallSearch.USER_REF.valueSet(call.userRef()));
        note(CallSearch.CHARGE.valueSet("PENDING"));
    }

    /** Shown to operators with the call's next step, or by {@link #show}. */
    void note(SearchAttributeUpdate<?> update) {
        notes.add(update);
    }

    /** Shows what has been noted. Each time costs the server a write of its own: once a step, and before a wait. */
    void show() {
        if (!notes.isEmpty()) {
            Workflow.upsertTypedSearchAttributes(notes.toArray(SearchAttributeUpdate<?>[]::new));
            notes.clear();
        }
    }

    void describe(String words) {
        state.describe(words);
        Workflow.setCurrentDetails(words);
    }

    /** Moves the call in Postgres, then here. Where Postgres knows better (it had moved already), that stands. */
    CallStatus advance(CallStatus to, @Nullable String reason, Map<String, String> data, String words) {
        String dedupe = to.name().toLowerCase(java.util.Locale.ROOT) + "-" + state.attempt();
        CallStatus now =
                records.advance(new CallRecordActivities.Advance(callId(), to, reason, Map.copyOf(data), dedupe));
        if (now != to && CallLifecycle.allows(state.status(), to)) {
            log.info("wanted {}, the row stands at {}", to, now);
        }
        state.moved(now, now == to ? reason : null);
        describe(words);
        note(CallSearch.STATUS.valueSet(now.name()));
        show();
        return now;
    }

    CallStatus advance(CallStatus to, String words) {
        return advance(to, null, Map.of(), words);
    }

    /** Asks the telephony how an attempt stands; silence when it cannot say. */
    void look(AttemptLog attempt) {
        try {
            TelephonyStatus status = looks.lookAtCall(callId(), attempt.attempt());
            if (status != null) {
                attempt.take(status);
            }
        } catch (ActivityFailure e) {
            log.warn("the telephony could not be asked: {}", e.getMessage());
        }
    }

    void endCall(AttemptLog attempt) {
        command("end", () -> commands.endCall(callId(), attempt.attempt()));
    }

    void redirect(AttemptLog attempt) {
        command("redirect", () -> commands.redirectCall(callId(), attempt.attempt()));
    }

    /** Moves the telephony's hard limit; false when it could not be moved. */
    boolean limit(int attempt, int talkSeconds) {
        try {
            commands.limitCall(callId(), attempt, talkSeconds);
            return true;
        } catch (ActivityFailure e) {
            log.warn("the time limit could not be moved: {}", e.getMessage());
            return false;
        }
    }

    /** Keeps the reports that have come in; late ones included. */
    void storeUsage() {
        while (state.hasUsage()) {
            records.storeUsage(state.nextUsage());
        }
    }

    /** The row is final by now; the run stays open until the user has been told, or that has failed for a day. */
    void notifyUser(Notice notice) {
        command("tell the user about", () -> aftercare.notifyUser(callId(), notice));
    }

    private static void command(String what, Runnable work) {
        try {
            work.run();
        } catch (ActivityFailure e) {
            log.warn("could not {} the call: {}", what, e.getMessage());
        }
    }
}
