package ai.callmeback.simulators.phone;

/** A phone's end of one call, given by the telephone exchange. All methods on the simulators' thread. */
public interface Line {
    String callSid();

    /** The number that calls. */
    String from();

    /** Takes the call; audio starts with the next 20 ms slot. Nothing happens unless it is ringing. */
    void answer();

    /** Turns the ringing call away. */
    void reject(Rejection how);

    /** Ends the answered call. */
    void hangUp();

    /** Presses a key: one of {@code 0-9*#}. */
    void key(char digit);

    /** How a phone that rings, or cannot ring, turns a call away. */
    enum Rejection {
        BUSY,
        DECLINED,
        UNREACHABLE
    }
}
