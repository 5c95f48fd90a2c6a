package ai.callmeback.vendors.tts;

/** Receives everything a session reports, always on the session's event loop. */
@FunctionalInterface
public interface TtsListener {

    void onEvent(TtsEvent event);
}
