package ai.callmeback.simulators.phone;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a phone behaves.
 *
 * @param behaviour what it does when it rings
 * @param nextBehaviours what it does for the next calls, each used once, before {@code behaviour} counts again
 * @param script what the person who answers does
 * @param resumeScript a later call goes on with the script where the earlier one broke off
 */
public record PhoneSettings(
        Behaviour behaviour, List<Behaviour> nextBehaviours, List<Step> script, boolean resumeScript) {

    /** Bound on a script with its repetitions written out. */
    static final int MAX_STEPS = 20_000;

    public PhoneSettings {
        nextBehaviours = List.copyOf(nextBehaviours);
        script = List.copyOf(script);
    }

    /**
     * What a phone does with a call.
     *
     * @param kind the outcome
     * @param afterMillis from the first ring to the answer, or to being turned away
     * @param greeting what a machine says before its beep
     */
    public record Behaviour(
            Kind kind, long afterMillis, @Nullable String greeting) {
        /** Long enough to be seen ringing, short enough for a demo. */
        static final long DEFAULT_AFTER_MILLIS = 800;

        /** Answers after the usual time and follows the script. */
        public static final Behaviour ANSWER = new Behaviour(Kind.ANSWER, DEFAULT_AFTER_MILLIS, null);

        /** A behaviour with the usual timing. */
        public static Behaviour of(Kind kind) {
            return new Behaviour(kind, DEFAULT_AFTER_MILLIS, null);
        }
    }

    /** What comes of a call. */
    public enum Kind {
        /** A scripted person answers. */
        ANSWER,
        /** Whoever sits at the outbox page may answer. */
        PERSON,
        /** A voice mailbox answers: greeting, beep, silence. */
        MACHINE,
        /** Engaged. */
        BUSY,
        /** Rings until the caller gives up. */
        NO_ANSWER,
        /** Rings, then is turned away. */
        REJECT,
        /** Never rings: no such subscriber. */
        FAILED;

        /** Lower case with hyphens, as in {@code no-answer}. */
        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** The reverse of {@link #text()}. */
        @JsonCreator
        public static Kind parse(String text) {
            for (Kind kind : values()) {
                if (kind.text().equals(text)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("behaviour kind " + text + " is none of " + List.of(values()));
        }
    }

    PhoneSettings withNextBehaviours(List<Behaviour> rest) {
        return new PhoneSettings(behaviour, rest, script, resumeScript);
    }
}
