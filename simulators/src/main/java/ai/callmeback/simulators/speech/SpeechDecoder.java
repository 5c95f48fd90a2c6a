package ai.callmeback.simulators.speech;

import static ai.callmeback.simulators.speech.SpeechCodec.FRAME_BYTES;

/**
 * Reads speech out of a stream of µ-law bytes that may come in pieces of any size and start anywhere. It finds the
 * frames by itself: after quiet at the first loud sample, within speech at the common peak of the tones; and finds them
 * again after a cut at any byte. Energy that is no speech is reported as noise, one or two frames late.
 *
 * <p>One decoder is one stream, used by one thread at a time. What it keeps is a few hundred bytes.
 */
public final class SpeechDecoder {
    private final FrameSequence sequence;
    private final byte[] window = new byte[4 * FRAME_BYTES];
    private int length;
    private long position;
    private boolean aligned;

    public SpeechDecoder(SpeechListener listener) {
        this.sequence = new FrameSequence(listener);
    }

    /** The next bytes of the stream; the array is not kept. */
    public void accept(byte[] bytes, int offset, int count) {
        int at = offset;
        int left = count;
        while (left > 0) {
            int taken = Math.min(left, window.length - length);
            System.arraycopy(bytes, at, window, length, taken);
            length += taken;
            at += taken;
            left -= taken;
            readAhead(false);
        }
    }

    /** No more is coming for now: reads what is still held back, and ends a character that was cut. */
    public void end() {
        readAhead(true);
        sequence.cut();
    }

    /** Bytes accepted so far. */
    public long position() {
        return position + length;
    }

    private void readAhead(boolean last) {
        boolean progress = true;
        while (progress && length > 0) {
            progress = aligned ? readAligned(last) : search(last);
        }
    }

    private boolean readAligned(boolean last) {
        if (length < FRAME_BYTES) {
            aligned = !last;
            return last;
        }
        int frame = Tones.readExact(window, 0);
        if (frame == Tones.UNREADABLE) {
            aligned = false;
        } else {
            hear(frame);
        }
        return true;
    }

    private boolean search(boolean last) {
        int quiet = 0;
        while (quiet < length && MuLaw.isQuiet(window[quiet])) {
            quiet++;
        }
        // Within noise single samples are quiet too; a stretch of half a frame is not chance.
        if (quiet > 0 && (quiet == length || quiet >= FRAME_BYTES / 2 || !sequence.inNoise())) {
            sequence.silence(position, quiet);
            drop(quiet);
            return true;
        }
        return length >= FRAME_BYTES ? searchLoud(last) : last && noise(length);
    }

    /** A frame changed on the way is read only when no clean one starts within it: else it is the rest of a cut one. */
    private boolean searchLoud(boolean last) {
        int exact = Tones.readExact(window, 0);
        if (exact != Tones.UNREADABLE) {
            hear(exact);
            return true;
        }
        if (length < 2 * FRAME_BYTES && !last) {
            return false;
        }
        int loudest = 0;
        for (int at = 1; at <= Math.min(FRAME_BYTES, length - FRAME_BYTES); at++) {
            if (Tones.readExact(window, at) != Tones.UNREADABLE) {
                return at < FRAME_BYTES ? noise(at) : changedFrame(0);
            }
            loudest = MuLaw.decode(window[at]) > MuLaw.decode(window[loudest]) ? at : loudest;
        }
        return changedFrame(loudest);
    }

    private boolean changedFrame(int loudest) {
        int frame = Tones.read(window, 0);
        if (frame != Tones.UNREADABLE) {
            hear(frame);
            return true;
        }
        boolean laterFrame = loudest > 0 && Tones.read(window, loudest) != Tones.UNREADABLE;
        return noise(laterFrame ? loudest : Math.min(length, FRAME_BYTES));
    }

    private void hear(int frame) {
        aligned = true;
        sequence.frame(frame, position);
        drop(FRAME_BYTES);
    }

    private boolean noise(int bytes) {
        sequence.noise(position, bytes);
        drop(bytes);
        return true;
    }

    private void drop(int bytes) {
        System.arraycopy(window, bytes, window, 0, length - bytes);
        length -= bytes;
        position += bytes;
    }
}
