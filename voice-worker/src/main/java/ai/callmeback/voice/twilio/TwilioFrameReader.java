package ai.callmeback.voice.twilio;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * Reads text frames of a media socket. The media path makes no object: the frame is copied to a scratch array of the
 * event loop, scanned there, and its audio decoded to another. One reader serves all calls of a loop, because a frame is
 * read to its end before the next begins.
 */
public final class TwilioFrameReader {
    /** Largest frame taken. Twilio's are below 1 KiB; the start frame, with its parameters, below 32 KiB. */
    public static final int MAX_FRAME_BYTES = 64 * 1024;

    private static final FastThreadLocal<TwilioFrameReader> OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected TwilioFrameReader initialValue() {
            return new TwilioFrameReader();
        }
    };

    private final byte[] scratch = new byte[MAX_FRAME_BYTES];
    private final byte[] audio = new byte[MAX_FRAME_BYTES];
    private final MediaScanner scanner = new MediaScanner();

    private TwilioFrameReader() {}

    /** The reader of the current thread. */
    public static TwilioFrameReader ofLoop() {
        return OF_LOOP.get();
    }

    /**
     * Reads one frame and tells the listener before it returns; never throws for what the frame holds.
     *
     * @param stream whose frames these should be; null while that is not known
     */
    public void read(ByteBuf frame, @Nullable StreamSid stream, TwilioListener listener) {
        int length = frame.readableBytes();
        if (length > MAX_FRAME_BYTES) {
            listener.onFrame(new TwilioFrame.Malformed("frame of " + length + " bytes, most is " + MAX_FRAME_BYTES));
            return;
        }
        frame.getBytes(frame.readerIndex(), scratch, 0, length);
        if (!scanner.scan(scratch, length)) {
            readRare(length, stream, listener);
            return;
        }
        if (stream != null && scanner.streamStart >= 0 && !stream.is(scratch, scanner.streamStart, scanner.streamEnd)) {
            listener.onFrame(TwilioFrame.Foreign.FRAME);
            return;
        }
        int bytes = Base64Codec.decode(scratch, scanner.payloadStart, scanner.payloadEnd, audio);
        if (bytes < 0) {
            listener.onFrame(new TwilioFrame.Malformed("payload is not base64"));
        } else {
            listener.onMedia(scanner.sequence, scanner.timestamp, audio, bytes);
        }
    }

    private void readRare(int length, @Nullable StreamSid stream, TwilioListener listener) {
        switch (RareFrameParser.parse(scratch, length, stream)) {
            case RareFrameParser.SlowMedia media ->
                listener.onMedia(media.sequence(), media.timestampMillis(), media.audio(), media.audio().length);
            case TwilioFrame other -> listener.onFrame(other);
            case Object impossible -> throw new IllegalStateException("unexpected parse: " + impossible);
        }
    }
}
