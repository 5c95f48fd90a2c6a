package ai.callmeback.voice.call;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.vendors.tts.TtsListener;
import ai.callmeback.vendors.tts.TtsSession;
import io.netty.channel.EventLoop;

/** A connection that is refused before it opens. */
final class RefusedSession implements TtsSession {
    /** @param what is not found: voice or model */
    static TtsSession open(String what, EventLoop loop, TtsListener toTell) {
        loop.execute(() -> toTell.onEvent(new TtsEvent.Closed(VendorFault.of(
                "elevenlabs", VendorFault.Kind.BAD_REQUEST, 400, what + "_not_found", "was not found"))));
        return new RefusedSession();
    }

    @Override
    public void startContext(String contextId) {}

    @Override
    public void text(String contextId, String text) {}

    @Override
    public void flush(String contextId) {}

    @Override
    public void closeContext(String contextId) {}

    @Override
    public void cancelContext(String contextId) {}

    @Override
    public void close() {}

    @Override
    public long charactersBilled() {
        return 0;
    }

    @Override
    public boolean isOpen() {
        return false;
    }
}
