package ai.callmeback.voice.audio;

import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends one turn after the other to the phone, and knows what was heard of each.
 *
 * <p>The phone plays at its own pace what it is sent. Audio is sent so that 300 to 400 ms of it are always there: enough
 * to hide a pause of the collector, little enough for a {@code clear} to leave little to account for. Marks go out at the
 * start of a turn (it pins the turn to Twilio's clock), at least every 500 ms, at every clause end the mouth names, after
 * a gap, and at the end.
 *
 * <p>Bound: {@value #MOST_WAITING_BYTES} bytes of unsent audio. What exceeds it is dropped and counted; the mouth, which
 * asks for no more speech while much is waiting, keeps it from happening.
 */
public final class AudioOut {
    /** A minute and a half of speech. */
    static final int MOST_WAITING_BYTES = 720_000;

    private static final long LEAD_MOST_MILLIS = 400;
    private static final long LEAD_LEAST_MILLIS = 300;
    private static final int FRAME_BYTES = 800;
    private static final long SENTINEL_DEADLINE_MILLIS = 2000;
    private static final long END_MARK_GRACE_MILLIS = 3000;

    private final CallLoop loop;
    private final PhoneLine line;
    private final AudioOutListener listener;
    private final ByteRing waiting = new ByteRing(MOST_WAITING_BYTES);
    private final byte[] frame = new byte[FRAME_BYTES];
    private final SentTail sentTail = new SentTail();
    private final Gaps gaps = new Gaps();
    private final MarkPlan marks = new MarkPlan();
    private final OpenTurns turns = new OpenTurns();
    private final Runnable pump = this::pumpFromTimer;

    private @Nullable HeardTracker speaking;
    private @Nullable Timer pumpTimer;
    private @Nullable Timer endTimer;
    private Pause pause = Pause.NONE;
    private int sentinels;
    private boolean allGiven;
    private boolean endSent;
    private boolean audioSent;
    private boolean audioWaited;
    private long playedUntilNanos;
    private long twilioMillis;
    private long droppedBytes;

    public AudioOut(CallLoop loop, PhoneLine line, AudioOutListener listener) {
        this.loop = loop;
        this.line = line;
        this.listener = listener;
        this.playedUntilNanos = loop.nanos();
    }

    /** Begins a turn. The turn before must be cut or played out. */
    public void begin(int turn) {
        if (speaking != null) {
            throw new IllegalStateException("turn " + turn + " begins while " + speaking.turn() + " is being spoken");
        }
        speaking = turns.begin(turn);
        pause = Pause.NONE;
        gaps.expectNone();
        allGiven = false;
        endSent = false;
        audioSent = false;
        audioWaited = false;
        marks.begin();
    }

    /** Adds audio of the turn being spoken and releases the buffer; audio of any other turn is dropped. */
    public void audio(int turn, ByteBuf mulaw) {
        try {
            if (!isSpeaking(turn)) {
                return;
            }
            while (mulaw.isReadable()) {
                int length = Math.min(mulaw.readableBytes(), frame.length);
                mulaw.readBytes(frame, 0, length);
                droppedBytes += length - waiting.add(frame, 0, length);
            }
        } finally {
            mulaw.release();
        }
        pump();
    }

    /** A clause of the turn ends at this position of its audio: a mark goes there. */
    public void clauseEnds(int turn, long positionBytes) {
        HeardTracker tracker = speaking;
        if (tracker != null && tracker.turn() == turn && positionBytes > tracker.sentBytes()) {
            marks.clauseEnds(positionBytes);
        }
    }

    /** No more audio of this turn is coming; what waits is still played. */
    public void finish(int turn) {
        if (isSpeaking(turn)) {
            allGiven = true;
            pump();
        }
    }

    /**
     * Stops the turn at once: unsent audio is dropped, the phone is told to drop what it has. The position heard is
     * reported when the phone has confirmed it, or estimated if it does not within two seconds.
     */
    public void cut() {
        HeardTracker tracker = speaking;
        if (tracker == null) {
            return;
        }
        Pause before = pause;
        endOfSpeaking();
        if (!audioSent || before == Pause.STOPPED) {
            settle(tracker, false);
        } else if (before == Pause.NONE) {
            stop(tracker);
        }
    }

    /**
     * Stops the turn at once, for now: the phone is told to drop what it has, and it is kept to be said when the turn goes
     * on. Nothing happens if no turn is being spoken or it is paused already.
     */
    public void pause() {
        HeardTracker tracker = speaking;
        if (tracker == null || pause != Pause.NONE) {
            return;
        }
        stopTimers();
        if (audioSent) {
            pause = Pause.STOPPING;
            stop(tracker);
        } else {
            pause = Pause.STOPPED;
        }
    }

    /** Goes on with a paused turn where the phone stopped playing it. */
    public void resume() {
        switch (pause) {
            case STOPPING -> pause = Pause.STOPPING_BRIEFLY;
            case STOPPED -> {
                pause = Pause.NONE;
                gaps.expectOne();
                pump();
            }
            case NONE, STOPPING_BRIEFLY -> {}
        }
    }

    /** Whether a turn is paused, and the phone has said where it stopped. */
    public boolean isStopped() {
        return pause == Pause.STOPPED;
    }

    /** Gives up the audio of a paused turn from this position on, or from where the phone stopped if that comes before. */
    public byte[] takeUnheard(long fromBytes) {
        HeardTracker tracker = speaking;
        if (tracker == null || !isStopped()) {
            return new byte[0];
        }
        byte[] again = sentTail.between(Math.min(fromBytes, tracker.sentBytes()), tracker.sentBytes());
        byte[] all = Arrays.copyOf(again, again.length + waiting.size());
        byte[] unheard = new byte[waiting.size()];
        waiting.take(unheard, unheard.length);
        System.arraycopy(unheard, 0, all, again.length, unheard.length);
        return all;
    }

    private void stop(HeardTracker tracker) {
        String sentinel = "c" + tracker.turn() + "." + ++sentinels;
        tracker.cut(sentinel);
        line.clear();
        line.mark(sentinel);
        playedUntilNanos = loop.nanos();
        line.flush();
        loop.after(SENTINEL_DEADLINE_MILLIS, () -> onMark(sentinel));
    }

    /** The phone has stopped: what it had not played yet waits again. */
    private void stopped(HeardTracker tracker) {
        tracker.sentinelEchoed(twilioMillis);
        if (tracker != speaking) {
            settle(tracker, false);
            return;
        }
        long sent = tracker.sentBytes();
        tracker.rewind();
        byte[] unheard = sentTail.between(tracker.sentBytes(), sent);
        waiting.putBack(unheard, unheard.length);
        marks.rewind(tracker.sentBytes());
        endSent = false;
        boolean goOn = pause == Pause.STOPPING_BRIEFLY;
        pause = Pause.STOPPED;
        if (goOn) {
            resume();
        }
    }

    /** Twilio's clock, as read off the last inbound media. */
    public void twilioClock(long millis) {
        twilioMillis = millis;
    }

    /** A mark came back. Marks that are none of ours are ignored. */
    public void onMark(String name) {
        HeardTracker tracker = turns.ofMark(name);
        if (tracker == null) {
            return;
        }
        if (name.charAt(0) == 'c') {
            if (tracker.awaits(name)) {
                stopped(tracker);
            }
            return;
        }
        if (!tracker.echoed(name, twilioMillis)) {
            return;
        }
        if (tracker == speaking && name.endsWith(MarkPlan.END)) {
            playedOut(tracker);
        } else {
            listener.onHeardUpTo(tracker.turn(), Telephone.millis(tracker.confirmedBytes()));
        }
    }

    public boolean isSpeaking(int turn) {
        return speaking != null && speaking.turn() == turn;
    }

    /** How far the phone has got in this turn, as far as can be told now. */
    public long heardMillis(int turn) {
        HeardTracker tracker = turns.of(turn);
        return tracker == null ? 0 : Telephone.millis(tracker.estimate(twilioMillis));
    }

    /** Audio given to us that the phone has not been sent yet. */
    public long waitingMillis() {
        return Telephone.millis(waiting.size());
    }

    /** For how long nothing has sounded since the last word, or the beginning; negative while something is still to sound. */
    public long silentMillis() {
        return TimeUnit.NANOSECONDS.toMillis(-leadNanos()) - waitingMillis();
    }

    /** Frames that reached a phone which had run dry though their audio was waiting here: our fault. */
    public int lateFrames() {
        return gaps.lateFrames();
    }

    /** How long phones stood dry because of late frames. */
    public long lateMillis() {
        return gaps.lateMillis();
    }

    /** Frames that reached a phone which had run dry because the voice vendor was late. */
    public int starvedFrames() {
        return gaps.starvedFrames();
    }

    public long droppedBytes() {
        return droppedBytes;
    }

    /** Stops all timers; nothing is sent or reported afterwards. */
    public void close() {
        endOfSpeaking();
        turns.clear();
    }

    private void pumpFromTimer() {
        pumpTimer = null;
        pump();
    }

    private void pump() {
        HeardTracker tracker = speaking;
        if (tracker == null || pause != Pause.NONE) {
            return;
        }
        while (waiting.size() > 0 && leadNanos() < TimeUnit.MILLISECONDS.toNanos(LEAD_MOST_MILLIS)) {
            sendFrame(tracker);
        }
        if (waiting.size() > 0) {
            pumpWhenLeadIsShort();
        } else {
            audioWaited = false;
            if (allGiven && !endSent) {
                sendEnd(tracker);
            }
        }
        line.flush();
    }

    private void sendFrame(HeardTracker tracker) {
        boolean dry = leadNanos() <= 0;
        if (dry) {
            if (audioSent) {
                gaps.count(audioWaited, -leadNanos());
            }
            playedUntilNanos = loop.nanos();
        }
        if (dry || !audioSent) {
            mark(tracker, MarkPlan.START);
        }
        int length = (int) Math.min(Math.min(waiting.size(), FRAME_BYTES), marks.bytesUntilNext(tracker.sentBytes()));
        waiting.take(frame, length);
        line.media(frame, 0, length);
        sentTail.add(tracker.sentBytes(), frame, length);
        tracker.audioSent(length);
        playedUntilNanos += Telephone.nanos(length);
        if (!audioSent) {
            audioSent = true;
            listener.onFirstAudio(tracker.turn());
        }
        if (marks.bytesUntilNext(tracker.sentBytes()) <= 0) {
            mark(tracker, MarkPlan.POSITION);
        }
    }

    private void mark(HeardTracker tracker, String kind) {
        String name = marks.put(tracker.turn(), kind, tracker.sentBytes());
        tracker.markSent(name);
        line.mark(name);
    }

    private void pumpWhenLeadIsShort() {
        audioWaited = true;
        if (pumpTimer == null) {
            long millis = TimeUnit.NANOSECONDS.toMillis(leadNanos()) - LEAD_LEAST_MILLIS;
            pumpTimer = loop.after(Math.max(1, millis), pump);
        }
    }

    private void sendEnd(HeardTracker tracker) {
        if (!audioSent) {
            playedOut(tracker);
            return;
        }
        endSent = true;
        mark(tracker, MarkPlan.END);
        long grace = TimeUnit.NANOSECONDS.toMillis(Math.max(0, leadNanos())) + END_MARK_GRACE_MILLIS;
        endTimer = loop.after(grace, () -> endMarkLate(tracker));
    }

    private void playedOut(HeardTracker tracker) {
        endOfSpeaking();
        tracker.finished();
        settle(tracker, true);
    }

    /** The phone never said so, but by the clock it has long played all there was. */
    private void endMarkLate(HeardTracker tracker) {
        if (tracker == speaking) {
            playedOut(tracker);
        }
    }

    private void settle(HeardTracker tracker, boolean complete) {
        turns.settled(tracker);
        listener.onSettled(tracker.turn(), Telephone.millis(tracker.confirmedBytes()), complete);
    }

    private void endOfSpeaking() {
        speaking = null;
        pause = Pause.NONE;
        waiting.clear();
        marks.forgetClauses();
        stopTimers();
    }

    private void stopTimers() {
        if (pumpTimer != null) {
            pumpTimer.cancel();
            pumpTimer = null;
        }
        if (endTimer != null) {
            endTimer.cancel();
            endTimer = null;
        }
    }

    private long leadNanos() {
        return playedUntilNanos - loop.nanos();
    }
}
