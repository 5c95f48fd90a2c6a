package ai.callmeback.vendors.stt;

import io.netty.channel.EventLoop;

/**
 * Port: turns a caller's audio into turns of text.
 *
 * <p>One session is one vendor connection, confined to one event loop: every method of the session must be called on
 * that loop and every event arrives on it. A session never reconnects by itself; {@link SttEvent.Closed} says whether
 * another try can help.
 */
public interface SpeechToText {

    /**
     * Starts connecting and returns at once. Audio may be sent before {@link SttEvent.Opened}; it is kept, up to
     * {@link SttOptions#maxBufferedMillis()}, and sent when the vendor is ready. The oldest audio is dropped beyond it.
     */
    SttSession open(SttOptions options, EventLoop loop, SttListener listener);
}
