package ai.callmeback.vendors.tts;

/**
 * Speaks texts in contexts; a context is one stretch of speech, usually one turn. Not thread safe: only for the event
 * loop it was opened on.
 */
public interface TtsSession {

    /** The vendor refuses a sixth context that is not closed. */
    int MAX_OPEN_CONTEXTS = 5;

    /**
     * Opens a context. An id must be new to the session.
     * Beyond {@link #MAX_OPEN_CONTEXTS} it is answered by {@link TtsEvent.ContextFailed} with kind {@code LIMIT}.
     */
    void startContext(String contextId);

    /** Gives text to speak; a missing trailing space is added, so that pieces do not glue together. */
    void text(String contextId, String text);

    /** Generates what was given so far without waiting for more. */
    void flush(String contextId);

    /**
     * No more text is coming: what was given is still spoken, then {@link TtsEvent.ContextFinal}. A repeat does
     * nothing.
     */
    void closeContext(String contextId);

    /** The caller interrupted: nothing of this context is delivered any more, neither audio nor its end. */
    void cancelContext(String contextId);

    /** Closes the session. No event is delivered afterwards. A repeat does nothing. */
    void close();

    /** Unicode characters submitted for generation so far, spoken or not: what the vendor bills. */
    long charactersBilled();

    /** Whether texts are really going out; false before {@link TtsEvent.Opened} and after {@link TtsEvent.Closed}. */
    boolean isOpen();
}
