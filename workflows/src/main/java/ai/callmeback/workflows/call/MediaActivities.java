package ai.callmeback.workflows.call;

import ai.callmeback.domain.CallId;
import io.temporal.activity.ActivityInterface;

/** The truth about who speaks for a call: Postgres, not heartbeats. */
@ActivityInterface
public interface MediaActivities {
    MediaLook lookAtMedia(CallId callId);

    /** The owner ends the call at its next lease renewal. */
    void requestHangUp(CallId callId, String by);

    /**
     * @param mediaLeg 0 when nobody ever claimed the call
     * @param alive the owner renews its lease
     * @param released the owner let go by itself: the leg ended in order
     */
    record MediaLook(int attempt, int mediaLeg, String incarnation, boolean alive, boolean released) {}
}
