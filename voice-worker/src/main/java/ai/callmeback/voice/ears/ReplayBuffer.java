package ai.callmeback.voice.ears;

/**
 * The user's last audio, some of it sent to the vendor and some not yet, so that another connection can be given again
 * what the one before took with it. Positions are bytes since the call began. Grows by doubling up to its bound; beyond
 * it the oldest audio is dropped, which is a loss only if it was not sent.
 */
final class ReplayBuffer {
    private static final int SMALLEST = 8192;

    private final int mostBytes;
    private byte[] ring = new byte[0];
    private long start;
    private long next;
    private long end;
    private long lost;

    ReplayBuffer(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Adds the newest audio. */
    void add(byte[] audio, int length) {
        reserve((int) Math.min(mostBytes, end - start + length));
        for (int from = Math.max(0, length - mostBytes); from < length; ) {
            int at = (int) (end % ring.length);
            int count = Math.min(length - from, ring.length - at);
            System.arraycopy(audio, from, ring, at, count);
            from += count;
            end += count;
        }
        forgetBefore(end - Math.min(ring.length, end));
    }

    /** Copies the oldest audio not sent yet, and counts it as sent; returns how much that is. */
    int take(byte[] to, int most) {
        int taken = (int) Math.min(most, end - next);
        for (int done = 0; done < taken; ) {
            int at = (int) (next % ring.length);
            int count = Math.min(taken - done, ring.length - at);
            System.arraycopy(ring, at, to, done, count);
            done += count;
            next += count;
        }
        return taken;
    }

    /** Audio before this position will not be needed again; if some of it was never sent, it is lost. */
    void forgetBefore(long position) {
        start = Math.clamp(position, start, end);
        if (next < start) {
            lost += start - next;
            next = start;
        }
    }

    /** Everything from this position on, or as much of it as is still here, is to be sent again. */
    void rewind(long position) {
        next = Math.clamp(position, start, end);
    }

    /** Everything here counts as sent. */
    void sentAll() {
        next = end;
    }

    /** Where the oldest audio still here begins. */
    long start() {
        return start;
    }

    /** Where the oldest audio not sent begins. */
    long next() {
        return next;
    }

    /** Audio that waits to be sent. */
    long waiting() {
        return end - next;
    }

    /** Audio that was dropped unsent. */
    long lost() {
        return lost;
    }

    private void reserve(int needed) {
        if (needed <= ring.length) {
            return;
        }
        int capacity = Math.max(SMALLEST, ring.length);
        while (capacity < needed) {
            capacity *= 2;
        }
        byte[] larger = new byte[Math.min(capacity, mostBytes)];
        for (long position = start; position < end; position++) {
            larger[(int) (position % larger.length)] = ring[(int) (position % ring.length)];
        }
        ring = larger;
    }
}
