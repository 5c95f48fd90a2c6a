package ai.callmeback.simulators.phone;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.phone.PhoneSettings.Behaviour;
import ai.callmeback.simulators.speech.SpeechCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One call at one phone: rings, is answered or not, hears, speaks, and remembers both. On the simulators' thread. */
final class PhoneCall implements Handset, Ear.Attention, Mouth.Attention, Script.Body {
    /** The journal's name for what happens at phones. */
    static final String VENDOR = "phone";

    /** Bound on remembered utterances: hours of talk. */
    private static final int MAX_UTTERANCES = 5_000;

    /** A machine waits this long before its greeting, and beeps this long after it. */
    private static final long GREETING_AFTER_MILLIS = 300;

    private static final long BEEP_MILLIS = 500;
    private static final String GREETING =
            "You have reached the mailbox of this number. Please leave a message after the tone.";

    private final Phone phone;
    private final Line line;
    private final Behaviour behaviour;
    private final boolean outgoing;
    private final Journal journal;
    private final SimTime time;
    private final Ear ear = new Ear(this);
    private final Mouth mouth;
    private final List<Utterance> utterances = new ArrayList<>();
    private final @Nullable Script script;
    private SimTime.Timer pickUp = SimTime.Timer.NONE;
    private State state = State.IDLE;
    private long sayStartedMillis;
    private long saidUntilMillis = -1;
    private boolean personaSpokeOver;
    private @Nullable String endStatus;
    private int callerTurns;

    private enum State {
        IDLE,
        RINGING,
        TALKING,
        OVER
    }

    PhoneCall(
            Phone phone,
            Line line,
            Behaviour behaviour,
            boolean outgoing,
            @Nullable List<Step> script,
            int scriptPosition,
            Journal journal,
            SimTime time,
            RandomGenerator random) {
        this.phone = phone;
        this.line = line;
        this.behaviour = behaviour;
        this.outgoing = outgoing;
        this.journal = journal;
        this.time = time;
        this.mouth = new Mouth(this, random);
        this.script = script == null ? null : new Script(this, script, scriptPosition);
    }

    @Override
    public void ringing() {
        boolean rings = behaviour.kind() != PhoneSettings.Kind.BUSY && behaviour.kind() != PhoneSettings.Kind.FAILED;
        state = rings ? State.RINGING : State.IDLE;
        journal(
                rings ? "phone.ringing" : "phone.unavailable",
                Details.of("from", line.from(), "behaviour", behaviour.kind().text()));
        Duration after = Duration.ofMillis(behaviour.afterMillis());
        switch (behaviour.kind()) {
            case ANSWER, MACHINE -> pickUp = time.after(after, line::answer);
            case BUSY -> line.reject(Line.Rejection.BUSY);
            case REJECT -> pickUp = time.after(after, () -> line.reject(Line.Rejection.DECLINED));
            case FAILED -> line.reject(Line.Rejection.UNREACHABLE);
            case PERSON, NO_ANSWER -> pickUp = SimTime.Timer.NONE;
        }
    }

    @Override
    public void answered() {
        state = State.TALKING;
        journal("phone.answered", Details.of("from", line.from()));
        if (behaviour.kind() == PhoneSettings.Kind.MACHINE) {
            time.after(Duration.ofMillis(GREETING_AFTER_MILLIS), this::greet);
        }
    }

    private void greet() {
        if (state == State.TALKING) {
            mouth.say(greeting());
            mouth.beep(BEEP_MILLIS);
        }
    }

    private String greeting() {
        return behaviour.greeting() == null ? GREETING : behaviour.greeting();
    }

    @Override
    public byte[] slot(byte[] heard, int audioBytes) {
        ear.slot(heard, audioBytes);
        if (script != null) {
            script.tick();
        }
        return mouth.slot();
    }

    @Override
    public void playbackCleared(boolean somethingDropped) {
        ear.cleared(somethingDropped);
    }

    @Override
    public void ended(String status) {
        if (state == State.OVER) {
            return;
        }
        boolean talked = state == State.TALKING;
        pickUp.cancel();
        endStatus = status;
        if (talked) {
            ear.end();
            mouth.stop();
        }
        state = State.OVER;
        journal("phone.ended", summary(status));
        phone.over(this, script == null ? 0 : script.position());
    }

    private Map<String, Object> summary(String status) {
        Ear.Counts counts = ear.counts();
        return Details.of(
                "status", status,
                "talkMillis", ear.nowMillis(),
                "callerTurns", callerTurns,
                "underruns", counts.underruns(),
                "underrunMillis", counts.underrunMillis(),
                "lostFrames", counts.lostFrames(),
                "repeatedFrames", counts.repeatedFrames(),
                "reorderedFrames", counts.reorderedFrames(),
                "speechMillis", counts.speechMillis(),
                "scriptFinished", script == null || script.finished());
    }

    @Override
    public Detection detection() {
        if (behaviour.kind() != PhoneSettings.Kind.MACHINE) {
            return new Detection(false, 1_500, 0);
        }
        long greetingMillis = GREETING_AFTER_MILLIS + SpeechCodec.durationMillis(greeting());
        return new Detection(true, Math.min(greetingMillis, 3_000), greetingMillis + BEEP_MILLIS);
    }

    // What the ear tells.

    @Override
    public void started(long atMillis) {
        personaSpokeOver = !mouth.silent();
        journal("heard.started", Details.of("atMillis", atMillis));
        if (saidUntilMillis >= 0 && mouth.silent()) {
            journal("response", Details.of("gapMillis", atMillis - saidUntilMillis, "atMillis", atMillis));
            saidUntilMillis = -1;
        }
    }

    @Override
    public void word(String word, long atMillis) {
        journal("heard.word", Details.of("word", word, "atMillis", atMillis));
    }

    @Override
    public void finished(Utterance utterance) {
        remember(utterance);
        journal(
                "heard",
                Details.of(
                        "text", utterance.text(),
                        "startMillis", utterance.startMillis(),
                        "endMillis", utterance.endMillis(),
                        "interrupted", utterance.interrupted(),
                        "overCaller", personaSpokeOver));
    }

    @Override
    public void paused(long startMillis, long endMillis) {
        journal("heard.pause", Details.of("startMillis", startMillis, "endMillis", endMillis));
    }

    @Override
    public void underrun(long gapMillis, long atMillis) {
        journal("underrun", Details.of("gapMillis", gapMillis, "atMillis", atMillis));
    }

    @Override
    public void flaw(String kind, int frames, long atMillis) {
        journal("frames." + kind, Details.of("frames", frames, "atMillis", atMillis));
    }

    // What the mouth tells.

    @Override
    public void begins(Mouth.Sound sound) {
        sayStartedMillis = ear.nowMillis();
        if (sound.text() != null) {
            journal(
                    "say.started",
                    Details.of("text", sound.text(), "atMillis", sayStartedMillis, "overPersona", ear.speaking()));
        }
    }

    @Override
    public void over(Mouth.Sound sound, boolean cutOff) {
        long endMillis = ear.nowMillis() + (cutOff ? 0 : SLOT_MILLIS);
        if (sound.text() == null) {
            journal("noise", Details.of("startMillis", sayStartedMillis, "endMillis", endMillis));
            return;
        }
        callerTurns++;
        saidUntilMillis = endMillis;
        remember(new Utterance("caller", sound.text(), sayStartedMillis, endMillis, cutOff));
        journal(
                "said",
                Details.of(
                        "text", sound.text(),
                        "startMillis", sayStartedMillis,
                        "endMillis", endMillis,
                        "interrupted", cutOff));
    }

    private void remember(Utterance utterance) {
        if (utterances.size() < MAX_UTTERANCES) {
            utterances.add(utterance);
        }
    }

    // What the script does and asks.

    @Override
    public long nowMillis() {
        return ear.nowMillis();
    }

    @Override
    public boolean personaSpeaking() {
        return ear.speaking();
    }

    @Override
    public long quietMillis() {
        return ear.quietMillis();
    }

    @Override
    public int wordsSoFar() {
        return ear.wordsSoFar();
    }

    @Override
    public String heardSince(long sinceMillis) {
        StringBuilder heard = new StringBuilder();
        for (int i = utterances.size() - 1; i >= 0 && utterances.get(i).endMillis() > sinceMillis; i--) {
            Utterance utterance = utterances.get(i);
            if (utterance.who().equals("persona")) {
                heard.insert(0, utterance.text() + " ");
            }
        }
        return heard.append(ear.textSoFar()).toString().strip();
    }

    @Override
    public boolean mouthSilent() {
        return mouth.silent();
    }

    @Override
    public void say(String text) {
        mouth.say(text);
    }

    @Override
    public void noise(long millis) {
        mouth.noise(millis);
    }

    @Override
    public void key(char digit) {
        if (state == State.TALKING) {
            journal("key", Details.of("digit", String.valueOf(digit), "atMillis", ear.nowMillis()));
            line.key(digit);
        }
    }

    @Override
    public void hangUp() {
        if (state == State.TALKING) {
            journal("phone.hung-up", Details.of("atMillis", ear.nowMillis()));
            line.hangUp();
        }
    }

    @Override
    public void journal(String kind, Map<String, Object> detail) {
        Map<String, Object> withNumber = Details.of("number", phone.number());
        withNumber.putAll(detail);
        journal.append(VENDOR, line.callSid(), kind, withNumber);
    }

    // What a person at the outbox page does.

    boolean isRinging() {
        return state == State.RINGING;
    }

    boolean isTalking() {
        return state == State.TALKING;
    }

    void answer() {
        pickUp.cancel();
        line.answer();
    }

    void decline() {
        pickUp.cancel();
        line.reject(Line.Rejection.DECLINED);
    }

    /** What the call looks like from outside. */
    CallView view() {
        return new CallView(
                line.callSid(),
                phone.number(),
                line.from(),
                switch (state) {
                    case IDLE, RINGING -> outgoing ? "calling" : "ringing";
                    case TALKING -> "talking";
                    case OVER -> endStatus == null ? "over" : endStatus;
                },
                ear.nowMillis(),
                callerTurns,
                ear.counts(),
                script == null || script.finished(),
                List.copyOf(utterances),
                ear.textSoFar());
    }

    /**
     * A call as control HTTP shows it.
     *
     * @param conversation both sides as they were on the line, in the order in which they ended
     * @param hearing the utterance that is going on, as far as it was heard
     */
    record CallView(
            String callSid,
            String number,
            String from,
            String state,
            long talkMillis,
            int callerTurns,
            Ear.Counts counts,
            boolean scriptFinished,
            List<Utterance> conversation,
            String hearing) {}
}
