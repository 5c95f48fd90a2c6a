package ai.callmeback.voice.worker;

import ai.callmeback.voice.call.LegSnapshot;
import ai.callmeback.voice.socket.LiveCalls;
import ai.callmeback.workflows.call.ConverseActivity;
import ai.callmeback.workflows.call.ConverseBeat;
import ai.callmeback.workflows.call.ConverseInput;
import ai.callmeback.workflows.call.ConverseResult;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import java.util.concurrent.TimeUnit;

/**
 * Attaches a workflow's activity to a leg and reports on it each second; runs on a virtual thread, which may sleep.
 *
 * <p>The leg does not depend on it. After an outage of Temporal {@code heartbeat()} throws though all is well, so its
 * failure ends the activity and nothing else; a wish to end the call comes with the lease.
 */
final class ConverseActivityImpl implements ConverseActivity {
    private static final long BEAT_MILLIS = 500;

    private final LiveCalls calls;

    ConverseActivityImpl(LiveCalls calls) {
        this.calls = calls;
    }

    @Override
    public ConverseResult converse(ConverseInput input) {
        ActivityExecutionContext context = Activity.getExecutionContext();
        while (true) {
            ConverseResult result = calls.resultOf(input.callId(), input.mediaLeg());
            if (result != null) {
                return result;
            }
            LiveCalls.Live live = calls.find(input.callId());
            if (live == null || live.session().setup().mediaLeg() != input.mediaLeg()) {
                ConverseResult late = calls.resultOf(input.callId(), input.mediaLeg());
                return late != null ? late : lost();
            }
            LegSnapshot snapshot = live.session().snapshot();
            context.heartbeat(
                    new ConverseBeat(input.mediaLeg(), snapshot.positionMillis(), snapshot.turns(), snapshot.totals()));
            pause();
        }
    }

    private static ConverseResult lost() {
        return new ConverseResult(ConverseResult.End.LOST, null, "lost", 0, 0, 0, false);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(BEAT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Activity.wrap(e);
        }
    }
}
