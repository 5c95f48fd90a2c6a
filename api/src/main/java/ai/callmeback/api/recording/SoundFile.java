package ai.callmeback.api.recording;

import ai.callmeback.db.recording.SoundChunk;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The recording of a call as a WAV file that does not exist: 16-bit PCM, 8 kHz, the user on the left and the persona on
 * the right. Of any part of it can be said which stretches of sound it is made of. Where a call was interrupted for
 * longer than {@value #LONGEST_GAP_SECONDS} s, because the phone was rung again, one second of silence stands for that.
 */
final class SoundFile {
    static final int HEADER_BYTES = 44;
    static final int FRAME_BYTES = 4;
    static final int RATE = 8_000;
    private static final int LONGEST_GAP_SECONDS = 5;
    private static final int SAMPLES_PER_MILLI = RATE / 1000;
    private static final short[] PCM = table();

    private final List<Piece> pieces;
    private final long samples;

    /** @param from its first sample in the file */
    record Piece(SoundChunk.Place place, long from) {
        long to() {
            return from + place.samples();
        }
    }

    private SoundFile(List<Piece> pieces, long samples) {
        this.pieces = pieces;
        this.samples = samples;
    }

    /** @param places in the order of time, at least one */
    static SoundFile of(List<SoundChunk.Place> places) {
        List<Piece> pieces = new ArrayList<>(places.size());
        Instant began = places.getFirst().startsAt();
        long cut = 0;
        long end = 0;
        for (SoundChunk.Place place : places) {
            long from = Duration.between(began, place.startsAt()).toMillis() * SAMPLES_PER_MILLI - cut;
            if (from - end > (long) LONGEST_GAP_SECONDS * RATE) {
                cut += from - end - RATE;
                from = end + RATE;
            }
            pieces.add(new Piece(place, from));
            end = Math.max(end, from + place.samples());
        }
        return new SoundFile(pieces, end);
    }

    long bytes() {
        return HEADER_BYTES + samples * FRAME_BYTES;
    }

    int seconds() {
        return Math.toIntExact(samples / RATE);
    }

    /** What there is to hear between two samples; later ones lie over earlier ones. */
    List<Piece> between(long from, long to) {
        return pieces.stream()
                .filter(piece -> piece.from() < to && piece.to() > from)
                .toList();
    }

    byte[] header() {
        int data = Math.toIntExact(samples * FRAME_BYTES);
        return ByteBuffer.allocate(HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(ascii("RIFF"))
                .putInt(HEADER_BYTES - 8 + data)
                .put(ascii("WAVEfmt "))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 2)
                .putInt(RATE)
                .putInt(RATE * FRAME_BYTES)
                .putShort((short) FRAME_BYTES)
                .putShort((short) 16)
                .put(ascii("data"))
                .putInt(data)
                .array();
    }

    /** Lays a piece's sound into the frames that begin at sample {@code from} of the file. */
    static void mix(byte[] frames, long from, Piece piece, byte[] sound) {
        ByteBuffer into = ByteBuffer.wrap(frames).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.min(piece.place().samples(), sound.length / 2);
        for (int i = 0; i < length; i++) {
            long at = piece.from() + i - from;
            if (at >= 0 && at < frames.length / FRAME_BYTES) {
                int frame = (int) at * FRAME_BYTES;
                into.putShort(frame, PCM[sound[i] & 0xFF]);
                into.putShort(frame + 2, PCM[sound[length + i] & 0xFF]);
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    /** µ-law to linear, ITU-T G.711. */
    private static short[] table() {
        short[] linear = new short[256];
        for (int code = 0; code < linear.length; code++) {
            int value = ~code & 0xFF;
            int magnitude = (((value & 0x0F) << 3) + 0x84) << ((value & 0x70) >> 4);
            linear[code] = (short) ((value & 0x80) == 0 ? magnitude - 0x84 : 0x84 - magnitude);
        }
        return linear;
    }
}
