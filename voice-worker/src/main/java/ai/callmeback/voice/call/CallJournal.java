package ai.callmeback.voice.call;

import ai.callmeback.domain.conversation.JournalKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes down what happens in one leg, in order. Never blocks and never fails; what becomes of it is its own business. */
public interface CallJournal {
    void add(Line line);

    /** Runs the task, on any thread, when everything added so far has been written; at once if that is done in adding. */
    default void whenWritten(Runnable then) {
        then.run();
    }

    /**
     * As {@link #whenWritten}, but not if what was added last was not taken: because this leg is another worker's by now, or
     * because there was no room.
     */
    default void whenTaken(Runnable then) {
        whenWritten(then);
    }

    /** One line; the journal adds the call, the leg, the number and the time. Fields as in the domain's event. */
    record Line(
            JournalKind kind,
            int turn,
            int segment,
            String text,
            List<Integer> charEndMs,
            @Nullable Integer heardMs,
            boolean interrupted,
            @Nullable Integer latencyMs,
            @Nullable String detail) {

        static Line text(JournalKind kind, int turn, String text) {
            return new Line(kind, turn, 0, text, List.of(), null, false, null, null);
        }

        static Line planned(int turn, int segment, String text, List<Integer> charEndMs) {
            return new Line(JournalKind.AGENT_PLANNED, turn, segment, text, charEndMs, null, false, null, null);
        }

        static Line heard(int turn, int segment, int heardMs) {
            return new Line(JournalKind.AGENT_HEARD, turn, segment, "", List.of(), heardMs, false, null, null);
        }

        static Line said(int turn, String text, boolean interrupted, @Nullable Integer latencyMs, String record) {
            return new Line(JournalKind.AGENT_SAID, turn, 0, text, List.of(), null, interrupted, latencyMs, record);
        }

        /** A note with words of its own, which are none that were heard. */
        static Line note(String text, String detail) {
            return new Line(JournalKind.NOTE, 0, 0, text, List.of(), null, false, null, detail);
        }

        static Line detail(JournalKind kind, int turn, String detail) {
            return new Line(kind, turn, 0, "", List.of(), null, false, null, detail);
        }
    }
}
