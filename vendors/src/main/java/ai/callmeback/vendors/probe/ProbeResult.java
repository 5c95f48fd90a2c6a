package ai.callmeback.vendors.probe;

/**
 * What one vendor answered.
 *
 * @param reachable something answered at the address
 * @param accepted whether our key is good, as far as the answer tells
 * @param detail one line for a person: what was asked, what came, and what to do about it
 */
public record ProbeResult(String vendor, boolean reachable, Accepted accepted, String detail) {

    /** Not every vendor has a harmless question that tells a good key from a bad one. */
    public enum Accepted {
        YES,
        NO,
        NOT_TOLD
    }
}
