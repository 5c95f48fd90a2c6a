package ai.callmeback.voice.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.domain.conversation.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a media leg starts with, from the claim.
 *
 * @param mediaLeg counts the streams of the call; everything this leg writes is fenced by it
 * @param callSid the vendor's id of the phone call, to end it by
 * @param soFar the conversation of earlier attempts and legs, as heard
 * @param unclosed those of its turns that nobody took down as over, because their worker died
 * @param lastTurn highest number any turn of the call has had, those nothing was heard of included
 * @param handOver an earlier stream of the same phone call was lost, and this one goes on with the talk
 * @param carried what the worker of that stream had still to say when it let it go on purpose, so that there is nothing to
 *     apologise for; null if it did not
 * @param allowedSeconds of talk in all, extensions included
 * @param talkedSeconds of talk before this leg
 */
public record CallSetup(
        CallId callId,
        int attempt,
        int mediaLeg,
        String callSid,
        Brief brief,
        List<Turn> soFar,
        List<Turn> unclosed,
        int lastTurn,
        boolean handOver,
        @Nullable Carried carried,
        int allowedSeconds,
        int talkedSeconds) {
    public CallSetup {
        soFar = List.copyOf(soFar);
        unclosed = List.copyOf(unclosed);
    }
}
