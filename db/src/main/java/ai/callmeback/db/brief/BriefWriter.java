package ai.callmeback.db.brief;

import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.db.persona.Persona;
import ai.callmeback.domain.conversation.Brief;
import java.time.Instant;
import java.util.Locale;

/** Writes the brief of an attempt: the persona, the layers of its prompt and its lines, filled in for this call. */
public final class BriefWriter {
    private BriefWriter() {}

    /** @param user who is talked to; for an unknown caller the account made up for it, whose name is never said */
    public static Brief write(
            CallRecord call, int attempt, boolean afterCutOff, Persona persona, UserAccount user, Instant at) {
        return new Brief(
                call.id(),
                attempt,
                new Brief.Voice(persona.id().value(), persona.name(), persona.voiceId(), persona.voiceSettingsJson()),
                new Brief.Mind(prompt(call, persona, user, afterCutOff), persona.temperature(), persona.maxTokens()),
                fill(greeting(call, persona, user), call, user),
                afterCutOff ? persona.lines().cutOff() : "",
                fill(persona.farewell(), call, user),
                persona.lines().timeWarning(),
                persona.lines().trouble(),
                persona.lines().fillers(),
                persona.lines().idlePrompts(),
                call.totalSeconds(),
                at);
    }

    private static String prompt(CallRecord call, Persona persona, UserAccount user, boolean afterCutOff) {
        var layers = new StringBuilder(persona.systemPrompt());
        layer(
                layers,
                "About this call",
                String.format(
                        Locale.ROOT,
                        "%s The call may last %d minutes; you will be told when it is about to end.",
                        whoRang(call, user),
                        call.totalSeconds() / 60));
        if (!call.pretext().isBlank()) {
            // The user's own words are a topic, never an instruction that could lift the rules above.
            layer(layers, "What they want to talk about, in their own words", call.pretext());
        }
        if (afterCutOff) {
            layer(
                    layers,
                    "You were cut off",
                    "The line dropped through our fault and you have just rung again. Go on where you were.");
        }
        layer(
                layers,
                "Product rules",
                "Everything you write is spoken over a telephone. To end the call, say goodbye in your own way first.");
        return layers.toString();
    }

    private static String greeting(CallRecord call, Persona persona, UserAccount user) {
        if (call.inbound()) {
            return user.hasMailbox() ? persona.greetingInbound() : persona.greetingStranger();
        }
        return call.pretext().isBlank() ? persona.greeting() : persona.greetingWithPretext();
    }

    private static String whoRang(CallRecord call, UserAccount user) {
        if (!call.inbound()) {
            return "You rang " + user.displayName() + ", as asked.";
        }
        return user.hasMailbox()
                ? "This time it is the other way round: " + user.displayName() + " has rung you, at your own number."
                : "This time it is the other way round: somebody you do not know has rung you, at your own number, for a"
                        + " first, free call. Do not ask for an address or any number. If they want to talk longer or"
                        + " again, they can open an account on the website.";
    }

    private static void layer(StringBuilder layers, String title, String text) {
        layers.append("\n\n## ").append(title).append('\n').append(text);
    }

    private static String fill(String line, CallRecord call, UserAccount user) {
        return line.replace("{name}", user.displayName()).replace("{pretext}", call.pretext());
    }
}
