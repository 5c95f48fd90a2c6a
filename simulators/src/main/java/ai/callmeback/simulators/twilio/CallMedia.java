package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.phone.Handset;
import ai.callmeback.simulators.speech.MuLaw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The 20 ms clock of one answered call. Slots are due at the answer (or up to 2 ms after it) plus a whole number of 20 ms: a late slot is made up
 * for at once, none is ever left out, and no delay adds up.
 */
final class CallMedia {
    private static final long SLOT_NANOS = Handset.SLOT_MILLIS * 1_000_000L;

    /** Calls share their beats, so that hundreds of them wake the thread some hundred times a second, not thousands. */
    private static final long GRID_NANOS = 2_000_000;

    private final SimTime time;
    private final Handset handset;
    private final byte[] playback = new byte[Handset.SLOT_BYTES];
    private final List<String> noMarks = new ArrayList<>();
    private SimTime.Timer timer = SimTime.Timer.NONE;
    private @Nullable MediaLeg leg;
    private @Nullable PlaybackBuffer prompt;
    private Runnable promptDone = () -> {};
    private long startNanos;
    private long slots;
    private boolean running;

    CallMedia(SimTime time, Handset handset) {
        this.time = time;
        this.handset = handset;
    }

    void start() {
        running = true;
        startNanos = Math.ceilDiv(time.nanoTime(), GRID_NANOS) * GRID_NANOS;
        timer = time.at(startNanos, this::tick);
    }

    private void tick() {
        do {
            slot();
            slots++;
        } while (running && startNanos + slots * SLOT_NANOS <= time.nanoTime());
        if (running) {
            timer = time.at(startNanos + slots * SLOT_NANOS, this::tick);
        }
    }

    private void slot() {
        Arrays.fill(playback, MuLaw.SILENCE);
        int audioBytes = pull();
        byte[] spoken = handset.slot(playback, audioBytes);
        if (leg != null) {
            leg.push(spoken);
        }
    }

    private int pull() {
        if (leg != null) {
            return leg.pull(playback);
        }
        if (prompt == null) {
            return 0;
        }
        int audioBytes = prompt.pull(playback, noMarks);
        if (audioBytes == 0) {
            prompt = null;
            promptDone.run();
        }
        return audioBytes;
    }

    /** The stream whose audio is the call's from now on. */
    void attach(MediaLeg newLeg) {
        leg = newLeg;
    }

    /** Plays the vendor's own audio, then runs {@code done}. */
    void play(byte[] audio, Runnable done) {
        PlaybackBuffer buffer = new PlaybackBuffer();
        buffer.add(audio);
        prompt = buffer;
        promptDone = done;
    }

    /** Ends the stream and what is being played. */
    void detach() {
        prompt = null;
        promptDone = () -> {};
        MediaLeg ending = leg;
        leg = null;
        if (ending != null) {
            ending.stop();
        }
    }

    /** The stream is over by itself. */
    void forget() {
        leg = null;
    }

    void key(char digit) {
        if (leg != null) {
            leg.key(digit);
        }
    }

    void stop() {
        running = false;
        timer.cancel();
        detach();
    }
}
