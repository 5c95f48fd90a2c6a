package ai.callmeback.activities.call;

import ai.callmeback.db.call.MediaOwners;
import ai.callmeback.domain.CallId;
import ai.callmeback.workflows.call.MediaActivities;
import org.springframework.stereotype.Component;

/** Who speaks, by the database's clock. */
@Component("mediaActivities")
final class MediaActivitiesImpl implements MediaActivities {
    private static final MediaLook NOBODY = new MediaLook(0, 0, "", false, false);

    private final MediaOwners owners;

    MediaActivitiesImpl(MediaOwners owners) {
        this.owners = owners;
    }

    @Override
    public MediaLook lookAtMedia(CallId callId) {
        return Answers.find(owners.state(callId))
                .map(m -> new MediaLook(m.attempt(), m.mediaLeg(), m.incarnation(), m.alive(), m.released()))
                .orElse(NOBODY);
    }

    @Override
    public void requestHangUp(CallId callId, String by) {
        Answers.done(owners.requestHangUp(callId, by));
    }
}
