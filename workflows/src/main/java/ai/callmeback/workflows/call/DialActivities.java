package ai.callmeback.workflows.call;

import ai.callmeback.domain.CallId;
import io.temporal.activity.ActivityInterface;
import org.jspecify.annotations.Nullable;

/** Dealing with the telephony about one attempt. */
@ActivityInterface
public interface DialActivities {
    /** Prepares and stores what the voice worker will need, before anything rings. A repeat replaces it. */
    void prepareBrief(CallId callId, int attempt, boolean afterCutOff);

    /**
     * Writes the intent, looks at the operator's switch, asks the telephony once. For an intent that is already there it
     * never asks again: it answers what is known of it.
     */
    DialResult dial(CallId callId, int attempt, boolean afterCutOff);

    /** Looks for an unknown dial in the telephony's list of calls. */
    DialResult resolveDial(CallId callId, int attempt);

    /** Gives up on an unknown dial, unless it is known by now: then it answers that. */
    DialResult abandonDial(CallId callId, int attempt);

    /** Asks the telephony how the attempt stands; null when it cannot say. */
    @Nullable
    TelephonyStatus lookAtCall(CallId callId, int attempt);

    /** Ends the call at the telephony; a call that is over already is fine. */
    void endCall(CallId callId, int attempt);

    /** Moves the telephony's own hard limit to {@code talkSeconds} and the room a farewell takes; repeating is harmless. */
    void limitCall(CallId callId, int attempt, int talkSeconds);

    /** Makes the telephony ask for a voice worker anew. */
    void redirectCall(CallId callId, int attempt);
}
