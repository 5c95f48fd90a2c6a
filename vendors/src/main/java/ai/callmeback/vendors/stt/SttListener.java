package ai.callmeback.vendors.stt;

/** Receives everything a session reports, always on the session's event loop. */
@FunctionalInterface
public interface SttListener {

    void onEvent(SttEvent event);
}
