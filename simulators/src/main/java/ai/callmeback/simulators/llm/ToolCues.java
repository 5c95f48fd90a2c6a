package ai.callmeback.simulators.llm;

import ai.callmeback.simulators.wire.Json;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Words by which a user asks for something that only a function of the request can do, such as another persona. */
final class ToolCues {
    private static final Pattern HAND = Pattern.compile(
            "\\b(?:let me (?:talk|speak) to|can i (?:talk|speak) to|hand me (?:over )?to|put me through to) (\\p{L}{2,20})",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern NOTE = Pattern.compile(
            "\\b(?:make a note|keep in mind|note down)(?: that|[:,])? (.{3,200}?)[.!?\\s]*$", Pattern.CASE_INSENSITIVE);

    private static final Pattern LONGER = Pattern.compile(
            "\\b(?:make (?:it|this call|the call) (?:a bit )?longer|(?:five|5|a few) more minutes|extend (?:it|this call|the call))\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern YES =
            Pattern.compile("^\\W*(?:(?:yes|yeah|sure)\\W*(?:please)?|please do)\\W*$", Pattern.CASE_INSENSITIVE);
    private static final Pattern CALL_BACK =
            Pattern.compile("\\b(?:call|ring|phone) me (?:again|back|tomorrow|in|at)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern IN_MINUTES =
            Pattern.compile("\\bin (\\p{L}+|\\d{1,3}) (minute|hour)s?\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern AT = Pattern.compile(
            "\\bat (\\p{L}+|\\d{1,2})(?: o'clock)?( in the (?:afternoon|evening)| p\\.?m)?\\b",
            Pattern.CASE_INSENSITIVE);
    /** As a function may tell what time it is where the user is. */
    private static final Pattern CLOCK = Pattern.compile("it is now \\p{L}+ (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d)");

    private static final List<String> NUMBERS = List.of(
            "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve");
    private static final int HALF_DAY_HOURS = 12;
    private static final int HOUR_MINUTES = 60;

    private ToolCues() {}

    /** Empty when nothing is asked for, or the function is not offered. */
    static Optional<Reply> reply(String text, Optional<String> lastOwnWords, ChatRequest request) {
        boolean yesToMore = YES.matcher(text).find()
                && lastOwnWords
                        .filter(words -> words.contains("five minutes more"))
                        .isPresent();
        if ((yesToMore || LONGER.matcher(text).find()) && offered(request, "extend_call")) {
            return Optional.of(call("One moment.", "extend_call", Map.of()));
        }
        if (CALL_BACK.matcher(text).find() && offered(request, "schedule_call_back")) {
            Optional<Map<String, Object>> when = when(text, request);
            if (when.isPresent()) {
                return Optional.of(call("Let me write that down.", "schedule_call_back", when.get()));
            }
        }
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

    private static Optional<Map<String, Object>> when(String text, ChatRequest request) {
        Matcher in = IN_MINUTES.matcher(text);
        if (in.find()) {
            int minutes = number(in.group(1)) * (in.group(2).equalsIgnoreCase("hour") ? HOUR_MINUTES : 1);
            return Optional.of(arguments(minutes, null));
        }
        Matcher clock = CLOCK.matcher(request.tools().stream()
                .filter(tool -> tool.name().equals("schedule_call_back"))
                .map(ChatRequest.Tool::description)
                .findFirst()
                .orElse(""));
        Matcher at = AT.matcher(text);
        if (!at.find() || !clock.find()) {
            return Optional.empty();
        }
        LocalDateTime now = LocalDateTime.parse(clock.group(1));
        int hour = number(at.group(1)) + (at.group(2) == null ? 0 : HALF_DAY_HOURS);
        LocalDateTime today = now.toLocalDate().atTime(hour % 24, 0);
        boolean tomorrow = text.toLowerCase(Locale.ROOT).contains("tomorrow") || !today.isAfter(now);
        return Optional.of(arguments(null, (tomorrow ? today.plusDays(1) : today).toString()));
    }

    private static Map<String, Object> arguments(@Nullable Integer inMinutes, @Nullable String localTime) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("in_minutes", inMinutes);
        arguments.put("local_time", localTime);
        return arguments;
    }

    private static int number(String word) {
        int known = NUMBERS.indexOf(word.toLowerCase(Locale.ROOT));
        return known >= 0 ? known : word.matches("\\d+") ? Integer.parseInt(word) : 1;
    }

    private static boolean offered(ChatRequest request, String tool) {
        return request.tools().stream().anyMatch(known -> known.name().equals(tool));
    }

    private static Reply call(String words, String tool, Map<String, ?> arguments) {
        return new Reply(words, Optional.of(new Reply.ToolCall(tool, Json.write(arguments))));
    }
}
