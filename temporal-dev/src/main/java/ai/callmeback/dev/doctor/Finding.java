package ai.callmeback.dev.doctor;

/**
 * One thing that was looked at.
 *
 * @param remedy what to do about it; empty when there is nothing to do
 */
public record Finding(String subject, Health health, String words, String remedy) {

    /** How it is. */
    public enum Health {
        OK,
        /** It works, with something one should know. */
        NOTE,
        /** It will not work. */
        WRONG
    }

    static Finding ok(String subject, String words) {
        return new Finding(subject, Health.OK, words, "");
    }

    static Finding note(String subject, String words, String remedy) {
        return new Finding(subject, Health.NOTE, words, remedy);
    }

    static Finding wrong(String subject, String words, String remedy) {
        return new Finding(subject, Health.WRONG, words, remedy);
    }
}
