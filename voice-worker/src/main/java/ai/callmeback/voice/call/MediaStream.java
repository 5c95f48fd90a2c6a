package ai.callmeback.voice.call;

import ai.callmeback.voice.audio.PhoneLine;
import io.netty.buffer.ByteBufAllocator;

/** The media socket of one call, as the session sees it. */
public interface MediaStream extends PhoneLine {
    ByteBufAllocator allocator();

    /** Closes the socket normally; a repeat does nothing. */
    void close(String reason);
}
