package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.speech.MuLaw;
import ai.callmeback.simulators.speech.SpeechDecoder;
import ai.callmeback.simulators.speech.SpeechListener;
import java.util.ArrayList;
import java.util.List;

/**
 * The vendor's end of one media stream and the ear behind it, without a socket, for evaluations in virtual time: the same
 * playback buffer that simulated calls have, turned by {@link #tick} 20 ms at a time.
 */
public final class OfflineLine {
    private static final int SLOT_BYTES = 160;

    private final PlaybackBuffer buffer = new PlaybackBuffer();
    private final SpeechDecoder decoder;
    private final byte[] silence = MuLaw.silence(1);
    private final List<String> echoes = new ArrayList<>();
    private boolean sounding;

    /** @param ear what the phone hears, silence included */
    public OfflineLine(SpeechListener ear) {
        this.decoder = new SpeechDecoder(ear);
    }

    public void media(byte[] audio) {
        buffer.add(audio);
    }

    public void mark(String name) {
        if (buffer.mark(name)) {
            echoes.add(name);
        }
    }

    public void clear() {
        echoes.addAll(buffer.clear());
    }

    /** Plays the next 20 ms. */
    public void tick() {
        byte[] slot = new byte[SLOT_BYTES];
        int filled = buffer.pull(slot, echoes);
        sounding = filled > 0;
        System.arraycopy(silence, 0, slot, filled, SLOT_BYTES - filled);
        decoder.accept(slot, 0, SLOT_BYTES);
    }

    /** Marks echoed since the last time, in order. */
    public List<String> echoes() {
        List<String> all = List.copyOf(echoes);
        echoes.clear();
        return all;
    }

    /** Whether anything was played in the last 20 ms. */
    public boolean sounding() {
        return sounding;
    }

    /** The call is over. */
    public void end() {
        decoder.end();
    }
}
