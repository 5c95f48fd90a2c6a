package ai.callmeback.simulators.phone;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a caller's script, as data. In JSON the field {@code do} names the step: {@code listen}, {@code say},
 * {@code interrupt}, {@code answer}, {@code waitFor}, {@code digits}, {@code noise}, {@code wait}, {@code hangUp},
 * {@code repeat}. Times are milliseconds; an absent one takes the default given at the step.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "do")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Step.Listen.class, name = "listen"),
    @JsonSubTypes.Type(value = Step.Say.class, name = "say"),
    @JsonSubTypes.Type(value = Step.Interrupt.class, name = "interrupt"),
    @JsonSubTypes.Type(value = Step.Answer.class, name = "answer"),
    @JsonSubTypes.Type(value = Step.WaitFor.class, name = "waitFor"),
    @JsonSubTypes.Type(value = Step.Digits.class, name = "digits"),
    @JsonSubTypes.Type(value = Step.Noise.class, name = "noise"),
    @JsonSubTypes.Type(value = Step.Wait.class, name = "wait"),
    @JsonSubTypes.Type(value = Step.HangUp.class, name = "hangUp"),
    @JsonSubTypes.Type(value = Step.Repeat.class, name = "repeat")
})
public sealed interface Step {
    /** A persona that has been quiet for this long has finished its turn. */
    long DEFAULT_QUIET_MILLIS = 700;

    /** A caller who hears nothing waits this long, then goes on with the script. */
    long DEFAULT_TIMEOUT_MILLIS = 20_000;

    /** Waits until the persona has spoken since the caller's last words, and has then been quiet for a while. */
    record Listen(@Nullable Long quietMillis, @Nullable Long timeoutMillis) implements Step {}

    /** Says the text and waits until it is said. */
    record Say(String text) implements Step {}

    /**
     * Speaks while the persona does: once the current utterance has {@code afterWords} whole words, or holds
     * {@code onPhrase}. A {@code backchannel} ("mhm") is not a turn: what the persona said before it still counts for
     * the next {@code listen}. If the persona stops earlier, speaks then, and the journal says so.
     */
    record Interrupt(
            @Nullable Integer afterWords,
            @Nullable String onPhrase,
            String text,
            @Nullable Boolean backchannel,
            @Nullable Long timeoutMillis)
            implements Step {}

    /** Listens, then says what belongs to the first case whose {@code heard} occurs in what was heard. */
    record Answer(
            List<Case> cases,
            @Nullable String otherwise,
            @Nullable Long quietMillis,
            @Nullable Long timeoutMillis) implements Step {}

    /** One thing to hear (case and punctuation do not matter) and what to say to it. */
    record Case(String heard, String say) {}

    /** Waits until the phrase was heard since the caller's last words. */
    record WaitFor(String heard, @Nullable Long timeoutMillis) implements Step {}

    /** Presses keys, one every 250 ms. */
    record Digits(String digits) implements Step {}

    /** A burst of noise: no words. */
    record Noise(long millis) implements Step {}

    /** Stays silent, whatever the persona does. */
    record Wait(long millis) implements Step {}

    /** Hangs up. */
    record HangUp() implements Step {}

    /** The steps, so many times over. */
    record Repeat(int times, List<Step> steps) implements Step {}
}
