package ai.callmeback.voice.twilio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * Writes the frames of one stream into buffers. What does not change in a frame is formatted once per stream; a media
 * frame is then two copies and one base64 pass.
 */
public final class TwilioFrameWriter {
    /** Most audio in one frame: 200 ms. */
    public static final int MAX_AUDIO_BYTES = 1600;

    private final byte[] mediaFrame;
    private final int mediaPrefix;
    private final byte[] markPrefix;
    private final byte[] clearFrame;

    /** @param streamSid letters, digits, dashes only (the reader refuses others), so that it needs no escaping */
    public TwilioFrameWriter(String streamSid) {
        byte[] prefix = ascii("{\"event\":\"media\",\"streamSid\":\"" + streamSid + "\",\"media\":{\"payload\":\"");
        mediaPrefix = prefix.length;
        mediaFrame = new byte[mediaPrefix + Base64Codec.encodedLength(MAX_AUDIO_BYTES) + 3];
        System.arraycopy(prefix, 0, mediaFrame, 0, mediaPrefix);
        markPrefix = ascii("{\"event\":\"mark\",\"streamSid\":\"" + streamSid + "\",\"mark\":{\"name\":\"");
        clearFrame = ascii("{\"event\":\"clear\",\"streamSid\":\"" + streamSid + "\"}");
    }

    /** A media frame with {@code length} bytes of µ-law, 1 to {@link #MAX_AUDIO_BYTES}. */
    public ByteBuf media(ByteBufAllocator allocator, byte[] mulaw, int offset, int length) {
        if (length < 1 || length > MAX_AUDIO_BYTES) {
            throw new IllegalArgumentException("audio of " + length + " bytes, must be 1 to " + MAX_AUDIO_BYTES);
        }
        int at = mediaPrefix + Base64Codec.encode(mulaw, offset, length, mediaFrame, mediaPrefix);
        mediaFrame[at] = '"';
        mediaFrame[at + 1] = '}';
        mediaFrame[at + 2] = '}';
        return allocator.buffer(at + 3).writeBytes(mediaFrame, 0, at + 3);
    }

    /** A mark; its name is ours, ASCII without quotes. */
    public ByteBuf mark(ByteBufAllocator allocator, String name) {
        ByteBuf frame = allocator.buffer(markPrefix.length + name.length() + 3).writeBytes(markPrefix);
        frame.writeCharSequence(name, StandardCharsets.US_ASCII);
        return frame.writeByte('"').writeByte('}').writeByte('}');
    }

    /** Drops everything the phone has not yet played. */
    public ByteBuf clear(ByteBufAllocator allocator) {
        return allocator.buffer(clearFrame.length).writeBytes(clearFrame);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
