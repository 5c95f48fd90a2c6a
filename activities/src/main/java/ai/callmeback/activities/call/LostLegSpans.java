package ai.callmeback.activities.call;

import ai.callmeback.db.call.LostLeg;
import ai.callmeback.db.call.MediaOwners;
import ai.callmeback.domain.CallId;
import ai.callmeback.vendors.trace.CallSpan;
import ai.callmeback.vendors.trace.CallSpan.Kind;
import ai.callmeback.vendors.trace.CallTraces;
import org.springframework.stereotype.Component;

/**
 * Tells of legs whose worker was killed or overtaken, as the worker would have, once the call is over: their turns hang on
 * them. A worker tells of a leg once its end stands in the journal, and what is taken here can stand there no more: so a
 * leg is told of by one of the two. A repeat tells the same.
 */
@Component
final class LostLegSpans {
    private static final String LOST = "leg_lost";

    private final MediaOwners owners;
    private final CallTraces traces;

    LostLegSpans(MediaOwners owners, CallTraces traces) {
        this.owners = owners;
        this.traces = traces;
    }

    void tell(CallId call) {
        for (LostLeg leg : Answers.all(owners.takeLostLegs(call))) {
            traces.add(CallSpan.of(
                            call,
                            CallSpan.leg(leg.mediaLeg()),
                            CallSpan.WORKFLOW,
                            Kind.SERVER,
                            "leg",
                            leg.claimedAt(),
                            leg.lastSign())
                    .with("leg", leg.mediaLeg())
                    .with("attempt", leg.attempt())
                    .with("end.reason", LOST)
                    .failed(LOST));
        }
    }
}
