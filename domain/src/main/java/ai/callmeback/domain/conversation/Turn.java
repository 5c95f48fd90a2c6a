package ai.callmeback.domain.conversation;

import java.time.Instant;

/** One turn of the conversation, as it was heard. */
public record Turn(int number, Speaker speaker, String text, boolean interrupted, Instant at) {
    public enum Speaker {
        USER,
        AGENT
    }
}
