package ai.callmeback.simulators.twilio;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What waits to be played into a call: audio in order of arrival, played at 8000 bytes a second whatever speed it came
 * at, with marks at their places in it.
 *
 * <p>A mark is reached when all audio before it <em>has been played</em>, so one that stands right behind the slot being
 * played is reached with the next slot.
 */
final class PlaybackBuffer {
    /** Ten minutes. The vendor's own bound is not documented; what comes on top of ours is dropped and reported. */
    static final long MAX_BYTES = 10L * 60 * 8_000;

    /** Bound on marks that wait. */
    static final int MAX_MARKS = 10_000;

    private sealed interface Item {}

    private static final class Audio implements Item {
        private final byte[] bytes;

        Audio(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    private record Mark(String name) implements Item {}

    private final ArrayDeque<Item> items = new ArrayDeque<>();
    private final List<String> passed = new ArrayList<>();
    private int headOffset;
    private long bufferedBytes;
    private int marks;
    private boolean sounding;
    private long playedBytes;

    /** Queues audio; false if there is no room for all of it, and then none of it is queued. */
    boolean add(byte[] audio) {
        if (bufferedBytes + audio.length > MAX_BYTES) {
            return false;
        }
        if (audio.length > 0) {
            items.addLast(new Audio(audio));
            bufferedBytes += audio.length;
        }
        return true;
    }

    /** Queues a mark. True if it is reached at once, because nothing is buffered and nothing sounds. */
    boolean mark(String name) {
        if (items.isEmpty() && passed.isEmpty() && !sounding) {
            return true;
        }
        if (marks < MAX_MARKS) {
            items.addLast(new Mark(name));
            marks++;
        }
        return false;
    }

    /**
     * Begins the next slot.
     *
     * @param slot filled from its start
     * @param reached receives the names of the marks that have now been reached, in order
     * @return how many bytes of {@code slot} are audio
     */
    int pull(byte[] slot, List<String> reached) {
        reached.addAll(passed);
        passed.clear();
        int filled = 0;
        while (filled < slot.length && !items.isEmpty()) {
            switch (items.peekFirst()) {
                case Mark mark -> {
                    items.removeFirst();
                    marks--;
                    (filled == 0 ? reached : passed).add(mark.name());
                }
                case Audio audio -> filled += copy(audio.bytes, slot, filled);
            }
        }
        bufferedBytes -= filled;
        playedBytes += filled;
        sounding = filled > 0;
        return filled;
    }

    private int copy(byte[] from, byte[] slot, int filled) {
        int count = Math.min(from.length - headOffset, slot.length - filled);
        System.arraycopy(from, headOffset, slot, filled, count);
        headOffset += count;
        if (headOffset == from.length) {
            items.removeFirst();
            headOffset = 0;
        }
        return count;
    }

    /** Drops all audio. Returns every mark that was still to come, in order. */
    List<String> clear() {
        List<String> pending = new ArrayList<>(passed);
        for (Item item : items) {
            if (item instanceof Mark mark) {
                pending.add(mark.name());
            }
        }
        items.clear();
        passed.clear();
        headOffset = 0;
        bufferedBytes = 0;
        marks = 0;
        sounding = false;
        return pending;
    }

    /** Bytes that wait. */
    long bufferedBytes() {
        return bufferedBytes;
    }

    /** Bytes handed out so far. */
    long playedBytes() {
        return playedBytes;
    }
}
