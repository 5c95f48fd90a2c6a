package ai.callmeback.workflows.call;

import ai.callmeback.domain.CallId;
import io.temporal.activity.ActivityInterface;

/** What follows a call; none of it touches money. */
@ActivityInterface
public interface AftercareActivities {
    /** Tells the user by e-mail, once per call and notice. */
    void notifyUser(CallId callId, Notice notice);

    /** Closes the transcript: turns cut off by a death are added as they were heard. Answers the number of turns. */
    int closeTranscript(CallId callId);

    /** Writes a summary by the language model. */
    void summarize(CallId callId);

    /** Deletes what was said. */
    void purgeConversation(CallId callId);

    /** The notices. */
    enum Notice {
        MISSED,
        REFUSED,
        UNANSWERED,
        READY
    }
}
