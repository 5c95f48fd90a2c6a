package ai.callmeback.voice.call;

import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.workflows.call.ConverseResult;

/** Tells the call's workflow how its media leg fares. Never blocks: what cannot be told now is told later, or merged. */
public interface CallReports {
    void connected(CallSetup leg);

    /** A machine has answered, known by its words alone. */
    void machineHeard(CallSetup leg);

    void usage(UsageReport report);

    void ended(CallSetup leg, ConverseResult result);

    /** Tells nobody. */
    static CallReports none() {
        return new CallReports() {
            @Override
            public void connected(CallSetup leg) {}

            @Override
            public void machineHeard(CallSetup leg) {}

            @Override
            public void usage(UsageReport report) {}

            @Override
            public void ended(CallSetup leg, ConverseResult result) {}
        };
    }
}
