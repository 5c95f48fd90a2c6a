package ai.callmeback.voice.audio;

import java.util.concurrent.TimeUnit;

/** Counts how often and how long the phone stood dry in the middle of a turn, and through whose fault. */
final class Gaps {
    private int lateFrames;
    private long lateNanos;
    private int starvedFrames;
    private boolean nextIsWanted;

    /** The turn was paused on purpose: the next gap is nobody's fault. */
    void expectOne() {
        nextIsWanted = true;
    }

    void expectNone() {
        nextIsWanted = false;
    }

    /** @param audioWaited there was audio to send: the fault is ours, else it is the voice vendor's */
    void count(boolean audioWaited, long nanos) {
        if (nextIsWanted) {
            nextIsWanted = false;
        } else if (audioWaited) {
            lateFrames++;
            lateNanos += nanos;
        } else {
            starvedFrames++;
        }
    }

    int lateFrames() {
        return lateFrames;
    }

    long lateMillis() {
        return TimeUnit.NANOSECONDS.toMillis(lateNanos);
    }

    int starvedFrames() {
        return starvedFrames;
    }
}
