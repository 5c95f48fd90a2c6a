package ai.callmeback.voice.audio;

/** The last second of a turn that was sent to the phone: more than it ever holds, so what it drops can be sent again. */
final class SentTail {
    private final byte[] ring = new byte[8000];

    /** This was sent at this position of the turn. */
    void add(long position, byte[] audio, int length) {
        int at = (int) (position % ring.length);
        int first = Math.min(length, ring.length - at);
        System.arraycopy(audio, 0, ring, at, first);
        System.arraycopy(audio, first, ring, 0, length - first);
    }

    /** What was sent between two positions, or as much of its end as is still here. */
    byte[] between(long from, long to) {
        int length = (int) Math.min(to - from, ring.length);
        byte[] audio = new byte[length];
        for (int i = 0; i < length; i++) {
            audio[i] = ring[(int) ((to - length + i) % ring.length)];
        }
        return audio;
    }
}
