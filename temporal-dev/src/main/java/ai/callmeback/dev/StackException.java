package ai.callmeback.dev;

/** The environment could not be started; the message is for the person who started it. */
public final class StackException extends Exception {
    private static final long serialVersionUID = 1L;

    public StackException(String message) {
        super(message);
    }

    public StackException(String message, Throwable cause) {
        super(message, cause);
    }
}
