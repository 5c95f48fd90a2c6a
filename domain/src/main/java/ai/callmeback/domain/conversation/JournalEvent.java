package ai.callmeback.domain.conversation;

import ai.callmeback.domain.CallId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of a conversation's journal. Ordered by (media leg, sequence); a repeat of the same pair is ignored. Lines are
 * flat so that a batch of many calls travels as one array.
 *
 * @param sequence from 1, without holes, within the leg
 * @param turn counts the turns of both sides through the whole call, from 1; 0 where it does not apply
 * @param segment a spoken piece of the agent's turn, from 0
 * @param text empty where it does not apply
 * @param charEndMs for planned text: for each character, when it has been spoken, in ms from the segment's first frame
 * @param heardMs for a mark: how far into the segment playback has come
 * @param interrupted the user cut this turn short
 * @param latencyMs for the agent's turn: from the user's end of turn to the first audio frame sent
 * @param detail JSON object as text, or null
 */
public record JournalEvent(
        CallId callId,
        int mediaLeg,
        long sequence,
        Instant at,
        JournalKind kind,
        int turn,
        int segment,
        String text,
        List<Integer> charEndMs,
        @Nullable Integer heardMs,
        boolean interrupted,
        @Nullable Integer latencyMs,
        @Nullable String detail) {
    public JournalEvent {
        charEndMs = List.copyOf(charEndMs);
    }
}
