package ai.callmeback.simulators.phone;

import ai.callmeback.simulators.phone.PhoneCall.CallView;
import ai.callmeback.simulators.phone.PhoneSettings.Behaviour;
import ai.callmeback.simulators.phone.PhoneSettings.Kind;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The JSON of the phones' controls. */
final class PhoneRequests {
    private PhoneRequests() {}

    /** {@code afterMillis} and {@code greeting} may be absent. */
    record BehaviourRequest(
            Kind kind, @Nullable Long afterMillis, @Nullable String greeting) {
        Behaviour toBehaviour() {
            return new Behaviour(
                    Objects.requireNonNull(kind, "a behaviour needs a kind"),
                    Objects.requireNonNullElse(afterMillis, Behaviour.DEFAULT_AFTER_MILLIS),
                    greeting);
        }
    }

    /** What is absent keeps what the phone had; a script is given by its steps or by name. */
    record PhoneRequest(
            @Nullable BehaviourRequest behaviour,
            @Nullable List<BehaviourRequest> nextBehaviours,
            @Nullable List<Step> script,
            @Nullable String scriptName,
            @Nullable Boolean resumeScript) {

        PhoneSettings over(PhoneSettings before, PhoneBook book) {
            return new PhoneSettings(
                    behaviour == null ? before.behaviour() : behaviour.toBehaviour(),
                    nextBehaviours == null
                            ? before.nextBehaviours()
                            : nextBehaviours.stream()
                                    .map(BehaviourRequest::toBehaviour)
                                    .toList(),
                    steps(before, book),
                    resumeScript == null ? before.resumeScript() : resumeScript);
        }

        private List<Step> steps(PhoneSettings before, PhoneBook book) {
            if (script != null) {
                return Script.flatten(script);
            }
            if (scriptName == null) {
                return before.script();
            }
            return book.script(scriptName)
                    .orElseThrow(() -> new IllegalArgumentException("no script is named " + scriptName + "; there are "
                            + book.scripts().keySet()));
        }
    }

    /** One phone. {@code current} is absent unless it rings or is on a call. */
    record PhoneView(
            String number,
            Behaviour behaviour,
            List<Behaviour> nextBehaviours,
            List<Step> script,
            boolean resumeScript,
            @Nullable CallView current,
            List<CallView> calls) {

        static PhoneView of(Phone phone) {
            PhoneSettings settings = phone.settings();
            return new PhoneView(
                    phone.number(),
                    settings.behaviour(),
                    settings.nextBehaviours(),
                    settings.script(),
                    settings.resumeScript(),
                    phone.current().map(PhoneCall::view).orElse(null),
                    phone.calls().stream().map(PhoneCall::view).toList());
        }
    }

    /** One phone in the list of all. */
    record PhoneLine(
            String number,
            Kind kind,
            String state,
            int calls,
            @Nullable String callSid) {
        static PhoneLine of(Phone phone) {
            return new PhoneLine(
                    phone.number(),
                    phone.settings().behaviour().kind(),
                    phone.current().map(call -> call.view().state()).orElse("idle"),
                    phone.calls().size(),
                    phone.current().map(call -> call.view().callSid()).orElse(null));
        }
    }

    record Text(String text) {}

    record Keys(String digits) {}

    record Burst(long millis) {}
}
