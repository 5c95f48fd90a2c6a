package ai.callmeback.simulators.phone;

import ai.callmeback.simulators.core.Details;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A scripted caller: works through its steps as the call goes on, looked at once a slot. Deterministic: what it does
 * depends on what it heard and on the slots that passed, on nothing else.
 */
final class Script {
    private static final long KEY_MILLIS = 250;

    /** What the script can do and ask of its phone. */
    interface Body {
        long nowMillis();

        /** The persona is speaking, or has paused for less than a breath. */
        boolean personaSpeaking();

        long quietMillis();

        int wordsSoFar();

        /** All that was heard since {@code sinceMillis}, the current utterance included. */
        String heardSince(long sinceMillis);

        boolean mouthSilent();

        void say(String text);

        void noise(long millis);

        void key(char digit);

        void hangUp();

        void journal(String kind, Map<String, Object> detail);
    }

    private final Body body;
    private final List<Step> steps;
    private int index;
    private long enteredMillis;
    private boolean acted;
    private int keysSent;

    /** What was heard before this instant has been dealt with. */
    private long attentionMillis;

    Script(Body body, List<Step> steps, int from) {
        this.body = body;
        this.steps = steps;
        this.index = from;
    }

    /** Writes repetitions out. Refuses scripts longer than {@link PhoneSettings#MAX_STEPS}. */
    static List<Step> flatten(List<Step> steps) {
        List<Step> flat = new ArrayList<>();
        flatten(steps, flat);
        return flat;
    }

    private static void flatten(List<Step> steps, List<Step> flat) {
        for (Step step : steps) {
            if (step instanceof Step.Repeat repeat) {
                for (int i = 0; i < repeat.times(); i++) {
                    flatten(repeat.steps(), flat);
                }
            } else {
                flat.add(step);
            }
            if (flat.size() > PhoneSettings.MAX_STEPS) {
                throw new IllegalArgumentException(
                        "a script may have at most " + PhoneSettings.MAX_STEPS + " steps with its repetitions");
            }
        }
    }

    /** Index of the step to go on with in a later call. */
    int position() {
        return index;
    }

    boolean finished() {
        return index >= steps.size();
    }

    /** One slot has passed. */
    void tick() {
        while (!finished() && done(steps.get(index))) {
            index++;
            enteredMillis = body.nowMillis();
            acted = false;
            keysSent = 0;
        }
    }

    private boolean done(Step step) {
        return switch (step) {
            case Step.Listen listen -> personaFinished(listen.quietMillis(), listen.timeoutMillis());
            case Step.Say say -> spoken(() -> Optional.of(say.text()), false);
            case Step.Interrupt interrupt -> interrupted(interrupt);
            case Step.Answer answer -> answered(answer);
            case Step.WaitFor waitFor -> heard(waitFor.heard()) || timedOut(waitFor.timeoutMillis());
            case Step.Digits digits -> keyed(digits.digits());
            case Step.Noise noise -> noised(noise.millis());
            case Step.Wait wait -> waited(wait.millis());
            case Step.HangUp ignored -> hungUp();
            case Step.Repeat ignored -> throw new IllegalStateException("repetitions are written out beforehand");
        };
    }

    private boolean personaFinished(@Nullable Long quietMillis, @Nullable Long timeoutMillis) {
        long quiet = Objects.requireNonNullElse(quietMillis, Step.DEFAULT_QUIET_MILLIS);
        boolean spoke = body.nowMillis() - body.quietMillis() > attentionMillis;
        return (spoke && body.quietMillis() >= quiet) || timedOut(timeoutMillis);
    }

    private boolean timedOut(@Nullable Long timeoutMillis) {
        long timeout = Objects.requireNonNullElse(timeoutMillis, Step.DEFAULT_TIMEOUT_MILLIS);
        if (body.nowMillis() - enteredMillis < timeout) {
            return false;
        }
        body.journal("script.timeout", Details.of("step", index, "timeoutMillis", timeout));
        return true;
    }

    private interface Words {
        Optional<String> choose();
    }

    private boolean spoken(Words words, boolean backchannel) {
        if (!acted) {
            acted = true;
            words.choose().ifPresent(body::say);
            return false;
        }
        if (!body.mouthSilent()) {
            return false;
        }
        if (!backchannel) {
            attentionMillis = body.nowMillis();
        }
        return true;
    }

    private boolean interrupted(Step.Interrupt step) {
        boolean backchannel = Boolean.TRUE.equals(step.backchannel());
        if (acted) {
            return spoken(() -> Optional.of(step.text()), backchannel);
        }
        if (timeToInterrupt(step)) {
            body.journal(
                    backchannel ? "backchannel" : "interrupted",
                    Details.of(
                            "words", body.wordsSoFar(),
                            "heardSoFar", body.heardSince(attentionMillis),
                            "text", step.text(),
                            "personaSpeaking", body.personaSpeaking()));
            spoken(() -> Optional.of(step.text()), backchannel);
        }
        return false;
    }

    private boolean timeToInterrupt(Step.Interrupt step) {
        boolean enoughWords =
                step.afterWords() != null && body.personaSpeaking() && body.wordsSoFar() >= step.afterWords();
        boolean phraseHeard = step.onPhrase() != null && heard(step.onPhrase());
        return enoughWords || phraseHeard || personaFinished(null, step.timeoutMillis());
    }

    private boolean answered(Step.Answer step) {
        if (!acted && !personaFinished(step.quietMillis(), step.timeoutMillis())) {
            return false;
        }
        return spoken(() -> chosen(step), false);
    }

    private Optional<String> chosen(Step.Answer step) {
        for (Step.Case candidate : step.cases()) {
            if (heard(candidate.heard())) {
                return Optional.of(candidate.say());
            }
        }
        body.journal("script.otherwise", Details.of("step", index, "heard", body.heardSince(attentionMillis)));
        return Optional.ofNullable(step.otherwise());
    }

    private boolean heard(String phrase) {
        return plain(body.heardSince(attentionMillis)).contains(plain(phrase));
    }

    /** Letters and digits in lower case, single spaces: how people compare what they heard. */
    static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    }

    private boolean keyed(String digits) {
        while (keysSent < digits.length() && body.nowMillis() - enteredMillis >= keysSent * KEY_MILLIS) {
            body.key(digits.charAt(keysSent++));
        }
        return keysSent == digits.length();
    }

    private boolean noised(long millis) {
        if (!acted) {
            acted = true;
            body.noise(millis);
            return false;
        }
        return body.mouthSilent();
    }

    private boolean waited(long millis) {
        return body.nowMillis() - enteredMillis >= millis;
    }

    private boolean hungUp() {
        body.hangUp();
        return true;
    }
}
