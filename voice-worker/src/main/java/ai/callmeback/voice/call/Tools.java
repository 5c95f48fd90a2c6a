package ai.callmeback.voice.call;

import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmTool;
import ai.callmeback.voice.call.CallTools.Outcome;
import ai.callmeback.voice.mind.Mind;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The functions the model may call beside hanging up: their arguments are checked here, and refused in words. */
final class Tools {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String EXTEND = "extend_call";
    private static final String CALL_BACK = "schedule_call_back";
    private static final String HAND = "switch_persona";
    private static final String REMEMBER = "remember";
    private static final Set<String> KNOWN = Set.of(EXTEND, CALL_BACK, HAND, REMEMBER);
    private static final int LONGEST_NAME = 40;
    private static final int LONGEST_MEMORY = 300;
    private static final int MOST_MINUTES = 60 * 24 * 30;
    private static final long PATIENCE_MILLIS = 4_500;

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("EEEE uuuu-MM-dd'T'HH:mm", Locale.ENGLISH);

    private final CallSetup leg;
    private final CallTools does;
    private final InstantSource clock;
    private final @Nullable ZoneId zone;

    Tools(CallSetup leg, CallTools does, InstantSource clock) {
        this.leg = leg;
        this.zone = zone(leg.brief().timeZone());
        this.does = does;
        this.clock = clock;
    }

    List<LlmTool> offered() {
        return List.of(
                Mind.END_CALL_TOOL,
                new LlmTool(
                        EXTEND,
                        "Make this call five minutes longer. Use it only when the person has said yes to that; it costs"
                                + " them credit. Then tell them what came of it.",
                        "{\"type\":\"object\",\"properties\":{},\"required\":[],\"additionalProperties\":false}"),
                new LlmTool(
                        CALL_BACK,
                        "Book another call from you, when the person asks to be rung again. " + clockInWords(),
                        """
                        {"type":"object","properties":{"in_minutes":{"type":["integer","null"]},\
                        "local_time":{"type":["string","null"]}},"required":["in_minutes","local_time"],\
                        "additionalProperties":false}"""),
                new LlmTool(
                        HAND,
                        "Hand this call to another persona, by name, when the person asks for them. Say first, in a few"
                                + " words, that you do; they speak next.",
                        """
                        {"type":"object","properties":{"persona":{"type":"string"}},"required":["persona"],\
                        "additionalProperties":false}"""),
                new LlmTool(
                        REMEMBER,
                        "Remember one fact about the person for later calls, when they ask you to or tell you something"
                                + " that will matter then. One short sentence, in the third person.",
                        """
                        {"type":"object","properties":{"what":{"type":"string"}},"required":["what"],\
                        "additionalProperties":false}"""));
    }

    /** A model has no clock, and "tomorrow at eight" is meant by the person's own. */
    private String clockInWords() {
        ZoneId theirs = zone;
        return theirs == null
                ? "Give in_minutes, and null for local_time: by which clock they live is not known. Ask in how many hours, if"
                        + " they name a time."
                : "Give in_minutes, or local_time by their clock as 2030-01-31T08:00, and null for the other. By their clock"
                        + " it is now " + CLOCK.format(clock.instant().atZone(theirs)) + ".";
    }

    private static @Nullable ZoneId zone(String name) {
        try {
            return name.isEmpty() ? null : ZoneId.of(name);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Does it, or refuses; completes in time, on any thread, never exceptionally. */
    CompletableFuture<Outcome> run(LlmEvent.ToolCall call, int turn) {
        String key = "turn-" + turn + "-" + call.name();
        CompletableFuture<Outcome> outcome;
        try {
            JsonNode arguments = JSON.readTree(call.argumentsJson());
            outcome = switch (call.name()) {
                case EXTEND -> does.extend(leg, key);
                case CALL_BACK -> callBack(arguments, key);
                case HAND -> handTo(arguments.path("persona"));
                case REMEMBER -> remember(arguments.path("what"), key);
                default -> refused("unknown_function", "There is no such function.");
            };
        } catch (JacksonException e) {
            outcome = refused("invalid_arguments", "The arguments are no JSON object.");
        }
        return outcome.completeOnTimeout(
                        new Outcome.Refused("unavailable", "That is not possible at the moment."),
                        PATIENCE_MILLIS,
                        TimeUnit.MILLISECONDS)
                .exceptionally(error -> new Outcome.Refused("unavailable", "That is not possible at the moment."));
    }

    /** The name, if it is one of ours: a model may make up any. */
    static String known(String name) {
        return KNOWN.contains(name) ? name : "unknown";
    }

    /** What the model is given. */
    static String json(Outcome outcome) {
        var json = JSON.createObjectNode();
        switch (outcome) {
            case Outcome.Done done -> json.put("done", true).put("say", done.told());
            case Outcome.Handed handed -> json.put("done", true).put("say", handed.told());
            case Outcome.Refused refused ->
                json.put("done", false).put("reason", refused.code()).put("say", refused.told());
        }
        return json.toString();
    }

    private CompletableFuture<Outcome> callBack(JsonNode arguments, String key) {
        JsonNode minutes = arguments.path("in_minutes");
        JsonNode local = arguments.path("local_time");
        if (minutes.isIntegralNumber() && !local.isString()) {
            boolean possible = minutes.canConvertToInt() && minutes.asInt() >= 1 && minutes.asInt() <= MOST_MINUTES;
            return possible
                    ? does.callBack(leg, at(minutes.asInt()), key)
                    : refused("invalid_arguments", "in_minutes must be 1 to " + MOST_MINUTES + ".");
        }
        if (local.isString() && !minutes.isNumber()) {
            try {
                return does.callBack(leg, LocalDateTime.parse(local.asString()), key);
            } catch (DateTimeException e) {
                return refused("invalid_arguments", "local_time must look like 2030-01-31T08:00.");
            }
        }
        return refused("invalid_arguments", "Give in_minutes or local_time, and null for the other.");
    }

    private CompletableFuture<Outcome> handTo(JsonNode persona) {
        String name = persona.isString() ? persona.asString().strip() : "";
        return name.isEmpty() || !isText(name, LONGEST_NAME)
                ? refused("invalid_arguments", "persona must be the name of one who is here.")
                : does.handTo(leg, name);
    }

    private CompletableFuture<Outcome> remember(JsonNode what, String key) {
        String words = what.isString() ? what.asString().strip() : "";
        return words.isEmpty() || !isText(words, LONGEST_MEMORY)
                ? refused(
                        "invalid_arguments", "what must be one sentence of at most " + LONGEST_MEMORY + " characters.")
                : does.remember(leg, words, key);
    }

    /** One line that the database takes. */
    private static boolean isText(String text, int most) {
        return text.length() <= most
                && text.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }

    private Instant at(int minutes) {
        return clock.instant().plus(minutes, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.SECONDS);
    }

    private static CompletableFuture<Outcome> refused(String code, String told) {
        return CompletableFuture.completedFuture(new Outcome.Refused(code, told));
    }
}
