package ai.callmeback.voice.audio;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The account of how much of one turn the phone has played, kept from the marks it echoes and from Twilio's own clock.
 *
 * <p>A {@code clear} echoes every pending mark at once, and such an echo looks like one of playback. Two things tell them
 * apart: the time on Twilio's clock (of the last inbound media before the echo) against the time at which playback can
 * have reached the mark at the earliest; and a sentinel mark sent right after the {@code clear}, which ends the burst and
 * says when, on Twilio's clock, playback stopped.
 *
 * <p>Positions are bytes of this turn's audio, times are milliseconds on Twilio's clock.
 */
final class HeardTracker {
    /** Inbound media come every 20 ms, so a time read off them is known to within one. */
    private static final long CLOCK_STEP_MILLIS = 20;

    enum State {
        PLAYING,
        /** A clear was sent; the sentinel has not come back. */
        CUTTING,
        SETTLED
    }

    private record Pending(String name, long position) {}

    private final int turn;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private State state = State.PLAYING;
    private long sent;
    private long confirmed;
    private long echoed;
    private String sentinel = "";
    private boolean anchored;
    /**
     * Position minus time, in bytes, while playback runs. The clock is read a little late, so each echo tells a value that
     * is a little too large; and a phone that runs dry only makes it smaller. So the smallest told is the truest.
     */
    private long positionOverTime = Long.MAX_VALUE;

    HeardTracker(int turn) {
        this.turn = turn;
    }

    int turn() {
        return turn;
    }

    long sentBytes() {
        return sent;
    }

    /** Position known to have been played. */
    long confirmedBytes() {
        return confirmed;
    }

    void audioSent(int bytes) {
        sent += bytes;
    }

    void markSent(String name) {
        pending.add(new Pending(name, sent));
    }

    /**
     * A mark of this turn came back.
     *
     * @return whether playback really reached it
     */
    boolean echoed(String name, long twilioMillis) {
        Pending mark = pending.peek();
        if (mark == null || !mark.name().equals(name)) {
            return false;
        }
        pending.remove();
        if (state != State.PLAYING && !reachable(mark.position(), twilioMillis)) {
            return false;
        }
        anchored = true;
        positionOverTime = Math.min(positionOverTime, mark.position() - Telephone.bytes(twilioMillis));
        echoed = mark.position();
        confirmed = Math.max(confirmed, mark.position());
        return true;
    }

    /** A {@code clear} goes out now, and this sentinel behind it. */
    void cut(String sentinelName) {
        if (state == State.PLAYING) {
            state = State.CUTTING;
            sentinel = sentinelName;
        }
    }

    /** Whether this mark is the one that says where playback stopped. */
    boolean awaits(String name) {
        return state == State.CUTTING && name.equals(sentinel);
    }

    /** The sentinel behind the {@code clear} came back, so playback stopped at this time; returns the position. */
    long sentinelEchoed(long twilioMillis) {
        confirmed = estimate(twilioMillis);
        state = State.SETTLED;
        pending.clear();
        return confirmed;
    }

    /**
     * What was sent and not played will be sent again. Where playback stopped is known to within a step of the clock, and
     * a sound repeated is better than one lost.
     */
    void rewind() {
        sent = Math.max(echoed, confirmed - Telephone.bytes(CLOCK_STEP_MILLIS));
        pending.clear();
        anchored = false;
        positionOverTime = Long.MAX_VALUE;
        state = State.PLAYING;
    }

    /** All of it was played. */
    void finished() {
        confirmed = sent;
        state = State.SETTLED;
    }

    /** Where playback is, as far as can be told at this time. */
    long estimate(long twilioMillis) {
        if (state == State.SETTLED || !anchored) {
            return confirmed;
        }
        long reached = positionOverTime + Telephone.bytes(twilioMillis);
        return Math.max(confirmed, Math.min(reached, sent));
    }

    private boolean reachable(long position, long twilioMillis) {
        return anchored && positionOverTime + Telephone.bytes(twilioMillis) >= position;
    }
}
