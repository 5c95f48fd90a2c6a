package ai.callmeback.vendors.llm;

/** Receives everything a streamed answer reports, always on the call's event loop. */
@FunctionalInterface
public interface LlmListener {

    void onEvent(LlmEvent event);
}
