package ai.callmeback.voice.audio;

/**
 * A queue of bytes that grows by doubling up to a stated most, so that a call that says little holds little. Not for use
 * by several threads.
 */
final class ByteRing {
    private static final int SMALLEST = 4096;

    private final int mostBytes;
    private byte[] ring = new byte[0];
    private int head;
    private int size;

    ByteRing(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    int size() {
        return size;
    }

    /** Adds as many bytes as there is room for, and returns how many that were. */
    int add(byte[] bytes, int offset, int length) {
        int taken = Math.min(length, mostBytes - size);
        grow(size + taken);
        int tail = ring.length == 0 ? 0 : (head + size) % ring.length;
        int first = Math.min(taken, ring.length - tail);
        System.arraycopy(bytes, offset, ring, tail, first);
        System.arraycopy(bytes, offset + first, ring, 0, taken - first);
        size += taken;
        return taken;
    }

    /** Puts bytes in front of all others; as many of the last of them as there is room for. */
    void putBack(byte[] bytes, int length) {
        int taken = Math.min(length, mostBytes - size);
        grow(size + taken);
        for (int i = 1; i <= taken; i++) {
            head = head == 0 ? ring.length - 1 : head - 1;
            ring[head] = bytes[length - i];
        }
        size += taken;
    }

    /** Moves {@code length} bytes, at most {@link #size()}, to the start of {@code to}. */
    void take(byte[] to, int length) {
        if (length > size) {
            throw new IllegalArgumentException("asked for " + length + " bytes of " + size);
        }
        int first = Math.min(length, ring.length - head);
        System.arraycopy(ring, head, to, 0, first);
        System.arraycopy(ring, 0, to, first, length - first);
        head = size == length ? 0 : (head + length) % ring.length;
        size -= length;
    }

    void clear() {
        head = 0;
        size = 0;
    }

    private void grow(int needed) {
        if (needed <= ring.length) {
            return;
        }
        int capacity = Math.max(SMALLEST, ring.length);
        while (capacity < needed) {
            capacity *= 2;
        }
        byte[] larger = new byte[capacity];
        int first = Math.min(size, ring.length - head);
        System.arraycopy(ring, head, larger, 0, first);
        System.arraycopy(ring, 0, larger, first, size - first);
        ring = larger;
        head = 0;
    }
}
