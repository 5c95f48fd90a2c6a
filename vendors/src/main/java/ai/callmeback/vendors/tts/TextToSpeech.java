package ai.callmeback.vendors.tts;

import io.netty.channel.EventLoop;

/**
 * Port: turns text into µ-law audio of 8 kHz.
 *
 * <p>A session is confined to one event loop: every method must be called on that loop and every event arrives on it.
 * One session per call; it never reconnects by itself.
 */
public interface TextToSpeech {

    /**
     * Connects to the streaming socket and returns at once. Text given before {@link TtsEvent.Opened} is kept and sent
     * when the vendor is ready.
     */
    TtsSession open(TtsOptions options, EventLoop loop, TtsListener listener);

    /** The same by one HTTP request per flush: slower to the first sound, independent of the socket service. */
    TtsSession openFallback(TtsOptions options, EventLoop loop, TtsListener listener);
}
