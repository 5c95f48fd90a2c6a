package ai.callmeback.activities.call;

import ai.callmeback.db.budget.Budgets;
import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.CallTranscripts;
import ai.callmeback.db.call.DialIntent;
import ai.callmeback.db.call.DialIntents;
import ai.callmeback.db.call.MediaOwners;
import ai.callmeback.db.call.Switches;
import ai.callmeback.db.cost.CallQuantities;
import ai.callmeback.db.cost.CostRecorder;
import ai.callmeback.db.cost.CostTotal;
import ai.callmeback.db.ledger.AlreadyResolved;
import ai.callmeback.db.ledger.CaptureOutcome;
import ai.callmeback.db.ledger.CaptureRequest;
import ai.callmeback.db.ledger.Conflict;
import ai.callmeback.db.ledger.Hold;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.ledger.ReleaseRequest;
import ai.callmeback.db.ledger.UnknownHold;
import ai.callmeback.db.usage.UsageStore;
import ai.callmeback.db.usage.UsageSummary;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.call.TelephonyState;
import ai.callmeback.domain.settlement.AnsweredAttempt;
import ai.callmeback.domain.settlement.CallFacts;
import ai.callmeback.domain.settlement.ChargeDecision;
import ai.callmeback.domain.settlement.JudgedAttempts;
import ai.callmeback.domain.settlement.Settlement;
import ai.callmeback.vendors.telephony.FetchOutcome;
import ai.callmeback.vendors.telephony.Telephony;
import ai.callmeback.workflows.call.SettlementActivities;
import io.temporal.activity.Activity;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Settles a call by the charge table and the policy of what pays for it, once; books its costs, with corrections when more
 * becomes known.
 */
@Component("settlementActivities")
final class SettlementActivitiesImpl implements SettlementActivities {
    private static final Logger log = LoggerFactory.getLogger(SettlementActivitiesImpl.class);
    private static final Duration VENDOR = Duration.ofSeconds(18);

    /** The telephony's duration is waited for this long after the end; then our own clock has to do. */
    private static final Duration DURATION_PATIENCE = Duration.ofMinutes(15);

    private final CallStore calls;
    private final CallTranscripts transcripts;
    private final DialIntents intents;
    private final MediaOwners owners;
    private final Switches switches;
    private final Ledger ledger;
    private final UsageStore usage;
    private final CostRecorder costs;
    private final Budgets budgets;
    private final Telephony telephony;
    private final ChargeJudge judge;
    private final InstantSource clock;

    SettlementActivitiesImpl(
            CallStore calls,
            CallTranscripts transcripts,
            DialIntents intents,
            MediaOwners owners,
            Switches switches,
            Ledger ledger,
            UsageStore usage,
            @Qualifier("costRecorder") CostRecorder costs,
            Budgets budgets,
            Telephony telephony,
            ChargeJudge judge,
            InstantSource clock) {
        this.calls = calls;
        this.transcripts = transcripts;
        this.intents = intents;
        this.owners = owners;
        this.switches = switches;
        this.ledger = ledger;
        this.usage = usage;
        this.costs = costs;
        this.budgets = budgets;
        this.telephony = telephony;
        this.judge = judge;
        this.clock = clock;
    }

    @Override
    public Settled settle(CallId callId) {
        CallRecord call = Answers.of(calls.find(callId));
        if (call.settledAt() != null) {
            return settled(call);
        }
        CallFacts facts = facts(call);
        int attempt = Activity.getExecutionContext().getInfo().getAttempt();
        Settlement settlement = call.chargePolicy().settle(judge.settle(callId, facts, attempt), call.totalSeconds());
        if (settlement.decision() == ChargeDecision.CHARGED && !Answers.of(switches.chargingEnabled())) {
            return new Settled(
                    ChargeDecision.PENDING.name(),
                    "charging_stopped",
                    0,
                    0,
                    call.chargePolicy().code());
        }
        int charged = settlement.decision() == ChargeDecision.CHARGED
                ? capture(callId, settlement)
                : release(callId, settlement);
        Answers.of(calls.settled(
                callId,
                new CallStore.Settled(
                        settlement.decision() == ChargeDecision.CHARGED,
                        settlement.reason().code(),
                        Math.toIntExact(facts.connectedSeconds()),
                        charged),
                clock.instant()));
        return settled(Answers.of(calls.find(callId)));
    }

    private static Settled settled(CallRecord call) {
        return new Settled(
                call.chargeDecision(),
                String.valueOf(call.chargeReason()),
                call.billedSeconds() == null ? 0 : call.billedSeconds(),
                call.chargedSeconds() == null ? 0 : call.chargedSeconds(),
                call.chargePolicy().code());
    }

    private CallFacts facts(CallRecord call) {
        JudgedAttempts judged = JudgedAttempts.of(answered(call.id()).stream()
                .map(intent -> new AnsweredAttempt(
                        intent.attempt(),
                        intent.answeredBy() != null && CallFacts.isMachine(intent.answeredBy()),
                        seconds(call, intent),
                        intent.cutOff()))
                .toList());
        var end = Answers.find(calls.end(call.id()));
        long lost =
                end.map(CallStore.End::lostMediaMs).orElse(0L) + Answers.of(owners.gapsMs(call.id(), judged.numbers()));
        return judged.facts(
                Answers.of(transcripts.userWords(call.id(), judged.numbers())),
                end.map(CallStore.End::vendorFault).orElse(false),
                lost,
                call.totalSeconds());
    }

    private List<DialIntent> answered(CallId callId) {
        return Answers.all(intents.all(callId)).stream()
                .filter(i -> i.answeredAt() != null || i.telephony() == TelephonyState.COMPLETED)
                .toList();
    }

    /** The telephony's own duration; asked for when no callback has brought it. */
    private long seconds(CallRecord call, DialIntent intent) {
        if (intent.durationSeconds() != null) {
            return intent.durationSeconds();
        }
        if (intent.callSid() != null
                && Answers.of(telephony.fetch(intent.callSid()), VENDOR) instanceof FetchOutcome.Found found
                && found.call().durationSeconds() != null) {
            Answers.of(intents.reported(call.id(), intent.attempt(), Reports.of(found.call(), clock.instant())));
            return found.call().durationSeconds();
        }
        Instant ended = call.endedAt() == null ? clock.instant() : call.endedAt();
        if (clock.instant().isBefore(ended.plus(DURATION_PATIENCE))) {
            throw ApplicationFailure.newFailure("the telephony has not told the duration yet", "duration_unknown");
        }
        log.warn("call {} attempt {}: settled by our own clock, the telephony never told", call.id(), intent.attempt());
        Instant answeredAt = intent.answeredAt() == null ? ended : intent.answeredAt();
        return Math.max(0, Duration.between(answeredAt, ended).toSeconds());
    }

    private int capture(CallId callId, Settlement settlement) {
        CaptureOutcome captured = Answers.of(ledger.capture(new CaptureRequest(
                callId.value(), settlement.charged(), settlement.reason().code())));
        return switch (captured) {
            case CaptureOutcome.Posted posted ->
                seconds(posted.receipt().captured().seconds());
            case CaptureOutcome.AlreadyPosted posted ->
                seconds(posted.receipt().captured().seconds());
            // An earlier try captured, then learnt more: what was posted stands.
            case Conflict conflict -> standing(callId);
            case AlreadyResolved resolved -> standing(callId);
            case UnknownHold unknown -> 0;
        };
    }

    private int release(CallId callId, Settlement settlement) {
        // Released now or before, or never held: nothing is charged either way.
        Answers.of(ledger.release(
                new ReleaseRequest(callId.value(), settlement.reason().code())));
        return standing(callId);
    }

    private int standing(CallId callId) {
        return Answers.find(ledger.findHold(callId.value()))
                .map(Hold::captured)
                .map(captured -> seconds(captured.seconds()))
                .orElse(0);
    }

    private static int seconds(long seconds) {
        return Math.toIntExact(seconds);
    }

    @Override
    public Costs recordCosts(CallId callId) {
        CallRecord call = Answers.of(calls.find(callId));
        List<Long> connected = answered(callId).stream()
                .filter(i -> i.durationSeconds() != null)
                .map(i -> i.durationSeconds().longValue())
                .toList();
        Instant made = call.answeredAt() == null ? call.createdAt() : call.answeredAt();
        UsageSummary used = Answers.of(usage.summary(callId));
        CostTotal total = CostTotal.of(Answers.of(costs.record(
                callId, made, CallQuantities.of(call.direction(), connected, used.totals(), used.complete()))));
        Answers.done(calls.costs(callId, total.amount().amountMicros(), clock.instant()));
        // Whatever it answers: what is owed in e-mails is noted.
        Answers.find(budgets.watch(call.userId(), clock.instant()));
        return new Costs(total.amount().amountMicros(), total.complete());
    }
}
