package ai.callmeback.simulators.phone;

import ai.callmeback.simulators.phone.Step.Answer;
import ai.callmeback.simulators.phone.Step.Case;
import ai.callmeback.simulators.phone.Step.HangUp;
import ai.callmeback.simulators.phone.Step.Interrupt;
import ai.callmeback.simulators.phone.Step.Listen;
import ai.callmeback.simulators.phone.Step.Repeat;
import ai.callmeback.simulators.phone.Step.Say;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The scripts that are there from the start, by name. */
final class Scripts {
    /** The immediate call of the demo: five caller turns, one of them an interruption, then good-bye. */
    static final String DEMO_IMMEDIATE = "demo-immediate";

    /** The scheduled call of the demo: short, ends with good-bye. */
    static final String DEMO_SCHEDULED = "demo-scheduled";

    /** What every other phone does: small talk, then good-bye. */
    static final String CHAT = "chat";

    /** The numbers of the two demo phones (reserved for fiction). */
    static final String DEMO_IMMEDIATE_NUMBER = "+14155550101";

    static final String DEMO_SCHEDULED_NUMBER = "+14155550102";

    private Scripts() {}

    static Map<String, List<Step>> builtIn() {
        Map<String, List<Step>> scripts = new TreeMap<>();
        scripts.put(DEMO_IMMEDIATE, demoImmediate());
        scripts.put(DEMO_SCHEDULED, demoScheduled());
        scripts.put(CHAT, chat());
        return scripts;
    }

    private static List<Step> demoImmediate() {
        return List.of(
                listen(),
                new Say("Hi, good that you call. The code word for today is marigold."),
                listen(),
                new Say("I keep putting off my morning run. Tell me how to get going."),
                new Interrupt(4, null, "Wait, sorry, one thing first. I have a bad knee.", null, null),
                listen(),
                new Say("That helps. What was the code word that I told you?"),
                new Answer(
                        List.of(new Case("marigold", "Exactly, marigold. You were listening. Thank you and goodbye.")),
                        "No, it was marigold. Never mind. Thank you and goodbye.",
                        null,
                        null),
                new Listen(null, 5_000L),
                new HangUp());
    }

    private static List<Step> demoScheduled() {
        return List.of(
                listen(),
                new Say("Right on time. I am up."),
                listen(),
                new Say("My plan for today is one page of writing."),
                listen(),
                new Say("Thank you for the call. Goodbye."),
                new Listen(null, 5_000L),
                new HangUp());
    }

    private static List<Step> chat() {
        return List.of(
                new Repeat(
                        4, List.of(listen(), new Say("That is interesting. Tell me a little more about it, please."))),
                listen(),
                new Say("Thank you for the call. Goodbye."),
                new Listen(null, 5_000L),
                new HangUp());
    }

    private static Listen listen() {
        return new Listen(null, (@Nullable Long) null);
    }
}
