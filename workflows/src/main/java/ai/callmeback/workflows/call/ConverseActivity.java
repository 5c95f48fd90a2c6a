package ai.callmeback.workflows.call;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/**
 * Watches over one media leg; implemented by the voice worker on its own queue. The conversation neither starts nor ends
 * with it: the media claim starts it, and the activity only attaches. Calling it again for a leg that still speaks
 * attaches again; for a leg that is over it returns that leg's result at once; for a leg this process never had it returns
 * {@link ConverseResult.End#LOST}.
 */
@ActivityInterface
public interface ConverseActivity {
    /** Heartbeats a {@link ConverseBeat} at least every second; cancellation means: hang up politely, then return. */
    @ActivityMethod
    ConverseResult converse(ConverseInput input);
}
