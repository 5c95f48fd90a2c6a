package ai.callmeback.vendors.llm;

/** A streamed answer in progress. Not thread safe: only for the event loop it was started on. */
public interface LlmCall {

    /**
     * Closes the stream. The tokens spent so far are reported by one {@link LlmEvent.Usage}, marked estimated, before
     * this returns; nothing is delivered afterwards. A repeat, or a cancel after the end, does nothing.
     */
    void cancel();

    boolean isDone();
}
