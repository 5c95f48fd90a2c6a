package ai.callmeback.simulators.llm;

import ai.callmeback.simulators.wire.Json;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words by which a user asks for something that only a function of the request can do, such as another persona. */
final class ToolCues {
    private static final Pattern HAND = Pattern.compile(
            "\\b(?:let me (?:talk|speak) to|can i (?:talk|speak) to|hand me (?:over )?to|put me through to) (\\p{L}{2,20})",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern NOTE = Pattern.compile(
            "\\b(?:make a note|keep in mind|note down)(?: that|[:,])? (.{3,200}?)[.!?\\s]*$", Pattern.CASE_INSENSITIVE);

    private ToolCues() {}

    /** Empty when nothing is asked for, or the function is not offered. */
    static Optional<Reply> reply(String text, ChatRequest request) {
        Matcher hand = HAND.matcher(text);
        if (hand.find() && offered(request, "switch_persona")) {
            String name = hand.group(1).substring(0, 1).toUpperCase(Locale.ROOT)
                    + hand.group(1).substring(1).toLowerCase(Locale.ROOT);
            return Optional.of(call("Of course, here is " + name + ".", "switch_persona", Map.of("persona", name)));
        }
        Matcher note = NOTE.matcher(text);
        if (note.find() && offered(request, "remember")) {
            return Optional.of(
                    call("I will note that.", "remember", Map.of("what", "They said that " + note.group(1) + ".")));
        }
        return Optional.empty();
    }

    private static boolean offered(ChatRequest request, String tool) {
        return request.tools().stream().anyMatch(known -> known.name().equals(tool));
    }

    private static Reply call(String words, String tool, Map<String, String> arguments) {
        return new Reply(words, Optional.of(new Reply.ToolCall(tool, Json.write(arguments))));
    }
}
