package ai.callmeback.simulators.phone;

import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.phone.PhoneSettings.Behaviour;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One telephone: its number, how it behaves, the call it is on and the calls it had. On the simulators' thread. */
final class Phone {
    /** Calls remembered per phone; older ones stay in the journal. */
    private static final int MAX_REMEMBERED_CALLS = 50;

    private final String number;
    private final Journal journal;
    private final SimTime time;
    private final RandomGenerator random;
    private final ArrayDeque<PhoneCall> calls = new ArrayDeque<>();
    private PhoneSettings settings;
    private @Nullable PhoneCall current;
    private int scriptPosition;
    private boolean configured;

    Phone(String number, PhoneSettings settings, Journal journal, SimTime time, RandomGenerator random) {
        this.number = number;
        this.settings = settings;
        this.journal = journal;
        this.time = time;
        this.random = random;
    }

    String number() {
        return number;
    }

    PhoneSettings settings() {
        return settings;
    }

    /** Takes effect with the next call. */
    void configure(PhoneSettings newSettings) {
        settings = newSettings;
        scriptPosition = 0;
        configured = true;
    }

    /** The default has changed: takes it on unless the phone has settings of its own. */
    void followDefault(PhoneSettings newDefault) {
        if (!configured) {
            settings = newDefault;
        }
    }

    /** Rings somebody. Its script speaks once the call is up, unless a person has taken the phone. */
    Handset outgoing(Line line) {
        if (current != null) {
            throw new IllegalStateException("the phone " + number + " is on a call");
        }
        boolean person = settings.behaviour().kind() == PhoneSettings.Kind.PERSON;
        return call(line, person ? settings.behaviour() : Behaviour.ANSWER, true);
    }

    /** A call arrives. A phone that is on a call is engaged. */
    Handset incoming(Line line) {
        return call(line, current != null ? Behaviour.of(PhoneSettings.Kind.BUSY) : nextBehaviour(), false);
    }

    private PhoneCall call(Line line, Behaviour behaviour, boolean outgoing) {
        boolean scripted = behaviour.kind() == PhoneSettings.Kind.ANSWER;
        int from = settings.resumeScript() ? scriptPosition : 0;
        PhoneCall call = new PhoneCall(
                this, line, behaviour, outgoing, scripted ? settings.script() : null, from, journal, time, random);
        if (current == null) {
            current = call;
        }
        calls.addLast(call);
        if (calls.size() > MAX_REMEMBERED_CALLS) {
            calls.removeFirst();
        }
        return call;
    }

    private Behaviour nextBehaviour() {
        List<Behaviour> next = settings.nextBehaviours();
        if (next.isEmpty()) {
            return settings.behaviour();
        }
        settings = settings.withNextBehaviours(next.subList(1, next.size()));
        return next.get(0);
    }

    void over(PhoneCall call, int position) {
        if (call == current) {
            current = null;
            scriptPosition = position;
        }
    }

    Optional<PhoneCall> current() {
        return Optional.ofNullable(current);
    }

    /** The calls it had, oldest first. */
    List<PhoneCall> calls() {
        return new ArrayList<>(calls);
    }
}
