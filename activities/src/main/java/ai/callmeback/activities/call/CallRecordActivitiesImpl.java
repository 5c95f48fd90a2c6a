package ai.callmeback.activities.call;

import ai.callmeback.db.budget.Budgets;
import ai.callmeback.db.call.CallEvents;
import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.DialIntent;
import ai.callmeback.db.call.DialIntents;
import ai.callmeback.db.call.MediaOwners;
import ai.callmeback.db.call.NewCall;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.ledger.AlreadyResolved;
import ai.callmeback.db.ledger.Conflict;
import ai.callmeback.db.ledger.GrowOutcome;
import ai.callmeback.db.ledger.GrowRequest;
import ai.callmeback.db.ledger.Insufficient;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.ledger.ReleaseRequest;
import ai.callmeback.db.ledger.UnknownHold;
import ai.callmeback.db.usage.UsageStore;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.RefusalCode;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.workflows.call.CallRecordActivities;
import ai.callmeback.workflows.call.CallSnapshot;
import ai.callmeback.workflows.call.Requests;
import ai.callmeback.workflows.call.TalkEnd;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The call's row, its events and its usage. */
@Component("callRecordActivities")
final class CallRecordActivitiesImpl implements CallRecordActivities {
    /** Who ends a call, as voice workers read it. */
    private static final String BUDGET = "budget";

    private final CallStore calls;
    private final CallEvents events;
    private final DialIntents intents;
    private final Users users;
    private final Ledger ledger;
    private final UsageStore usage;
    private final Budgets budgets;
    private final MediaOwners owners;
    private final InstantSource clock;

    CallRecordActivitiesImpl(
            CallStore calls,
            CallEvents events,
            DialIntents intents,
            Users users,
            Ledger ledger,
            UsageStore usage,
            Budgets budgets,
            MediaOwners owners,
            InstantSource clock) {
        this.calls = calls;
        this.events = events;
        this.intents = intents;
        this.users = users;
        this.ledger = ledger;
        this.usage = usage;
        this.budgets = budgets;
        this.owners = owners;
        this.clock = clock;
    }

    @Override
    public CallSnapshot load(CallId callId) {
        CallRecord call = Answers.of(calls.find(callId));
        String pseudonym = Answers.of(users.find(call.userId())).pseudonym();
        List<CallSnapshot.Attempt> attempts = Answers.all(intents.all(callId)).stream()
                .map(CallRecordActivitiesImpl::attempt)
                .toList();
        return new CallSnapshot(
                callId,
                call.status(),
                call.statusReason(),
                call.personaId().value(),
                pseudonym,
                call.immediate(),
                call.scheduledFor(),
                call.dueAt(),
                call.plannedSeconds(),
                call.totalSeconds(),
                call.policy(),
                call.attempt(),
                call.cutOffRedials(),
                call.billedSeconds(),
                attempts,
                call.inbound());
    }

    private static CallSnapshot.Attempt attempt(DialIntent intent) {
        return new CallSnapshot.Attempt(
                intent.attempt(), intent.callSid(), intent.telephony(), intent.durationSeconds(), intent.answeredBy());
    }

    @Override
    public CallStatus advance(Advance step) {
        Instant now = clock.instant();
        if (endsUncharged(step.to())) {
            letGo(step.callId(), step.reason(), now);
        }
        if (step.to() == CallStatus.RETRY_WAIT && TalkEnd.CUT_OFF.equals(step.reason())) {
            Answers.done(intents.cutOff(step.callId(), now));
        }
        var data = new LinkedHashMap<String, Object>(step.data());
        String detail = step.data().get("detail");
        return Answers.of(calls.move(
                step.callId(), step.to(), new CallStore.Move(step.reason(), detail, data, step.dedupeKey()), now));
    }

    private static boolean endsUncharged(CallStatus to) {
        return switch (to) {
            case CANCELED, REFUSED, MISSED, FAILED, UNANSWERED -> true;
            case SCHEDULED, DUE, ADMITTED, DIALING, RINGING, IN_PROGRESS, RETRY_WAIT, ENDED, SETTLED, COMPLETED ->
                false;
        };
    }

    /** A call that ends unsettled keeps nothing: its admission may have failed just after the hold was taken. */
    private void letGo(CallId callId, @Nullable String reason, Instant now) {
        if (Answers.of(calls.find(callId)).settledAt() != null) {
            return;
        }
        String why = reason == null ? "never_dialed" : reason;
        // Whatever the answer (released, unknown, resolved before): nothing is held afterwards.
        Answers.of(ledger.release(new ReleaseRequest(callId.value(), why)));
        Answers.of(calls.settled(callId, new CallStore.Settled(false, why, 0, 0), now));
    }

    @Override
    public boolean moveSchedule(CallId callId, Requests.Reschedule request) {
        Instant now = clock.instant();
        var when = new NewCall.When(request.at(), request.localTime(), request.timeZone());
        boolean moved = Answers.find(calls.reschedule(callId, when, now)).isPresent();
        if (moved) {
            Map<String, Object> data =
                    Map.of("status", "SCHEDULED", "scheduledFor", request.at().toString());
            Answers.of(events.append(callId, "status", data, "rescheduled-" + request.at(), now));
        }
        return moved;
    }

    @Override
    public @Nullable String extendCall(CallId callId, String requestId, int addedSeconds, int totalExtensionSeconds) {
        Instant now = clock.instant();
        GrowOutcome grown = Answers.of(
                ledger.grow(new GrowRequest(callId.value(), "extension:" + requestId, new Credits(addedSeconds))));
        return switch (grown) {
            case GrowOutcome.Posted posted -> extended(callId, requestId, totalExtensionSeconds, now);
            case GrowOutcome.AlreadyPosted posted -> extended(callId, requestId, totalExtensionSeconds, now);
            case Insufficient insufficient -> RefusalCode.INSUFFICIENT_CREDIT.code();
            case AlreadyResolved resolved -> "not_in_progress";
            case UnknownHold unknown -> "not_in_progress";
            case Conflict conflict -> "conflict";
        };
    }

    private @Nullable String extended(CallId callId, String requestId, int total, Instant now) {
        Answers.done(calls.extendTo(callId, total, now));
        Answers.of(events.append(
                callId,
                "notice",
                Map.of("notice", "extended", "extensionSeconds", total),
                "extended-" + requestId,
                now));
        return null;
    }

    @Override
    public void storeUsage(UsageReport report) {
        // A repeat of a report that was kept may have died before the rest of this.
        Answers.of(usage.record(report));
        var cost = Answers.of(usage.runningCost(report.callId()));
        Map<String, Object> data = Map.of(
                "mediaLeg", report.mediaLeg(),
                "positionMs", report.positionMs(),
                "runningCostUsdMicros", cost.amount().amountMicros(),
                "complete", cost.complete());
        Answers.of(events.append(
                report.callId(),
                "usage",
                data,
                "usage-" + report.mediaLeg() + "-" + report.sequence(),
                clock.instant()));
        Answers.find(budgets.watchCall(report.callId(), cost.amount(), clock.instant()))
                .filter(period -> !report.last())
                .ifPresent(period -> endForBudget(report.callId(), period));
    }

    /** Its worker says why, and goodbye, at its next renewal of the lease. */
    private void endForBudget(CallId callId, String period) {
        Answers.done(owners.requestHangUp(callId, BUDGET));
        Map<String, Object> data = Map.of("notice", "budget_used_up", "period", period);
        Answers.of(events.append(callId, "notice", data, "budget-used-up", clock.instant()));
    }

    @Override
    public void noteEnd(CallId callId, TalkEnd end) {
        if (end.reason().equals(TalkEnd.CUT_OFF)) {
            Answers.done(intents.cutOff(callId, clock.instant()));
        }
        Answers.done(calls.ended(
                callId,
                new CallStore.End(end.endedBy(), end.reason(), end.lostMediaMs(), end.vendorFault()),
                clock.instant()));
    }
}
