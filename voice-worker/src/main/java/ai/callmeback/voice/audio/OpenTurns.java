package ai.callmeback.voice.audio;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Turns the phone has not accounted for to their end: the one being spoken, and those that were cut. */
final class OpenTurns {
    private final Deque<HeardTracker> trackers = new ArrayDeque<>();

    HeardTracker begin(int turn) {
        HeardTracker tracker = new HeardTracker(turn);
        trackers.add(tracker);
        return tracker;
    }

    void settled(HeardTracker tracker) {
        trackers.remove(tracker);
    }

    void clear() {
        trackers.clear();
    }

    @Nullable
    HeardTracker of(int turn) {
        for (HeardTracker tracker : trackers) {
            if (tracker.turn() == turn) {
                return tracker;
            }
        }
        return null;
    }

    /** The turn a mark of ours belongs to; null for any other mark. */
    @Nullable
    HeardTracker ofMark(String mark) {
        for (HeardTracker tracker : trackers) {
            if (mark.startsWith(tracker.turn() + ".", 1)) {
                return tracker;
            }
        }
        return null;
    }
}
