package ai.callmeback.activities.call;

import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.db.persona.Persona;
import ai.callmeback.domain.conversation.Brief;
import java.time.Instant;
import java.util.Locale;

/** Writes the brief of an attempt: the persona, the layers of its prompt and its lines, filled in for this call. */
final class BriefWriter {
    private BriefWriter() {}

    static Brief write(
            CallRecord call, int attempt, boolean afterCutOff, Persona persona, UserAccount user, Instant at) {
        String greeting =
                fill(call.pretext().isBlank() ? persona.greeting() : persona.greetingWithPretext(), call, user);
        return new Brief(
                call.id(),
                attempt,
                new Brief.Voice(persona.id().value(), persona.name(), persona.voiceId(), persona.voiceSettingsJson()),
                new Brief.Mind(prompt(call, persona, user, afterCutOff), persona.temperature(), persona.maxTokens()),
                greeting,
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
                        "You rang %s, as asked. The call may last %d minutes; you will be told when it is about to end.",
                        user.displayName(),
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

    private static void layer(StringBuilder layers, String title, String text) {
        layers.append("\n\n## ").append(title).append('\n').append(text);
    }

    private static String fill(String line, CallRecord call, UserAccount user) {
        return line.replace("{name}", user.displayName()).replace("{pretext}", call.pretext());
    }
}
