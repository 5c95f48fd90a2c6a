package ai.callmeback.workflows.call;

import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.domain.settlement.ChargePolicy;
import ai.callmeback.workflows.call.SettlementActivities.Costs;
import ai.callmeback.workflows.call.SettlementActivities.Settled;
import io.temporal.workflow.Workflow;
import java.util.Map;

/** Steps 6 and 7: the money, once. What follows a completed call is asked for by its row, see {@link AfterCallWorkflow}. */
final class SettleStep {
    private final CallContext call;
    private final CallState state;
    private final SettlementActivities money = ActivityPolicy.SETTLE.stub(SettlementActivities.class);

    SettleStep(CallContext call) {
        this.call = call;
        this.state = call.state();
    }

    /** Gives the hold of an unanswered call back, and books what its dials cost us. */
    void release() {
        settled();
        costs();
    }

    void run() {
        if (state.status() == CallStatus.ENDED) {
            Settled settled = settled();
            String policy = settled.policy() == null ? ChargePolicy.BY_THE_SECOND.code() : settled.policy();
            call.advance(
                    CallStatus.SETTLED,
                    null,
                    Map.of(
                            "chargeDecision", settled.decision(),
                            "chargeReason", settled.reason(),
                            "chargePolicy", policy,
                            "chargedSeconds", String.valueOf(settled.chargedSeconds())),
                    settled.decision() + " (" + settled.reason() + "), " + settled.chargedSeconds() + " s; policy "
                            + policy);
        }
        if (state.status() == CallStatus.SETTLED) {
            Costs costs = costs();
            call.advance(
                    CallStatus.COMPLETED,
                    null,
                    Map.of("costUsdMicros", String.valueOf(costs.totalMicros())),
                    "Completed; cost " + costs.totalMicros() + " millionths of a dollar");
        }
    }

    /** While an operator has stopped charging the decision waits; nothing is lost. */
    private Settled settled() {
        Settled settled = money.settle(call.callId());
        while (settled.decision().equals("PENDING")) {
            call.describe("Charging is stopped by an operator; waiting");
            call.show();
            Workflow.sleep(Limits.CHARGING_STOPPED_EVERY);
            settled = money.settle(call.callId());
        }
        state.billed(settled.billedSeconds());
        call.note(CallSearch.CHARGE.valueSet(settled.decision()));
        return settled;
    }

    private Costs costs() {
        // The settlement is done. A last report a moment away spares the books a correction of every line.
        Waits.until(Limits.LAST_USAGE_PATIENCE, "the last usage report", () -> !state.awaitsLastUsage());
        call.storeUsage();
        Costs costs = money.recordCosts(call.callId());
        return state.hasUsage() ? corrected() : noted(costs);
    }

    /** Late usage never holds up a settlement; it corrects the costs, up to the last moment of the run. */
    void correct() {
        if (state.hasUsage()) {
            corrected();
            call.show();
        }
    }

    private Costs corrected() {
        Costs costs;
        do {
            call.storeUsage();
            costs = money.recordCosts(call.callId());
        } while (state.hasUsage());
        return noted(costs);
    }

    private Costs noted(Costs costs) {
        call.note(CallSearch.COST_MICROS.valueSet(costs.totalMicros()));
        return costs;
    }
}
