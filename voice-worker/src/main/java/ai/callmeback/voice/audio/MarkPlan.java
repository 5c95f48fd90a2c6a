package ai.callmeback.voice.audio;

import java.util.ArrayDeque;
import java.util.Deque;

/** Where in a turn's audio marks go, and their names: at clause ends, and at least every 200 ms. */
final class MarkPlan {
    static final String START = "s";
    static final String POSITION = "p";
    static final String END = "e";

    /**
     * After a phone has run dry, what it has heard is over-estimated until the next mark comes back. So this bounds the
     * error of a cut word; at a death of the worker, too, what was heard is known to the last mark.
     */
    private static final long EVERY_BYTES = Telephone.bytes(200);

    private final Deque<Long> clauseEnds = new ArrayDeque<>();
    private int marks;
    private long lastAt;

    /** A new turn. */
    void begin() {
        marks = 0;
        lastAt = 0;
        clauseEnds.clear();
    }

    void clauseEnds(long positionBytes) {
        clauseEnds.add(positionBytes);
    }

    void forgetClauses() {
        clauseEnds.clear();
    }

    /** What was sent behind this position is sent again. */
    void rewind(long positionBytes) {
        lastAt = positionBytes;
    }

    long bytesUntilNext(long sentBytes) {
        while (!clauseEnds.isEmpty() && clauseEnds.peek() <= lastAt) {
            clauseEnds.remove();
        }
        long next = lastAt + EVERY_BYTES;
        return (clauseEnds.isEmpty() ? next : Math.min(next, clauseEnds.peek())) - sentBytes;
    }

    /** The name of a mark put here. */
    String put(int turn, String kind, long sentBytes) {
        lastAt = sentBytes;
        return "t" + turn + "." + marks++ + kind;
    }
}
