package ai.callmeback.simulators.core;

/** A simulator with state that {@code POST /control/reset} puts back to how it was at the start. */
public interface Resettable {
    /** Called on any thread; must be done when it returns or soon after, on the simulators' thread. */
    void reset();
}
