package ai.callmeback.voice.ears;

import ai.callmeback.voice.audio.Telephone;

/**
 * What another engine makes of sound that the first said nothing of: words, and the first was mute; or nothing either within
 * {@value #NOTHING_AFTER_MILLIS} ms after it has heard all of it, and it was noise.
 */
final class SecondOpinion {
    static final long NOTHING_AFTER_MILLIS = 2_500;
    /** An engine reports words at most so long after they were said; what it reports later is of something else. */
    private static final long REPORTED_WITHIN_MILLIS = 1_500;

    enum Finding {
        SPEECH,
        NOISE,
        NOT_YET
    }

    private boolean sought;
    private long from;
    private long upTo;
    private long listenedBytes;

    /** @param position of the sound's first byte, and of what came after it */
    void seek(long position, long end) {
        sought = true;
        from = position;
        upTo = end;
        listenedBytes = 0;
    }

    boolean isSought() {
        return sought;
    }

    /** It does not matter any more. */
    void drop() {
        sought = false;
    }

    /** Audio was sent after all that had waited. */
    Finding listened(int bytes) {
        listenedBytes += bytes;
        if (!sought || Telephone.millis(listenedBytes) < NOTHING_AFTER_MILLIS) {
            return Finding.NOT_YET;
        }
        sought = false;
        return Finding.NOISE;
    }

    /** The other engine has words. */
    Finding words(long position) {
        if (!sought) {
            return Finding.NOT_YET;
        }
        sought = false;
        return position <= upTo + Telephone.bytes(REPORTED_WITHIN_MILLIS) ? Finding.SPEECH : Finding.NOISE;
    }

    /** Where the sound begins; {@code otherwise} if there is none. */
    long from(long otherwise) {
        return sought ? Math.min(from, otherwise) : otherwise;
    }
}
