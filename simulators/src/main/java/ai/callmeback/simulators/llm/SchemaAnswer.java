package ai.callmeback.simulators.llm;

import ai.callmeback.simulators.llm.ChatRequest.Message;
import ai.callmeback.simulators.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Values for a JSON schema, made from the messages: names of properties say what is wanted, types how. */
final class SchemaAnswer {
    private static final int MAX_DEPTH = 8;
    private static final int USUAL_ITEMS = 3;

    private final JsonNode root;
    private final List<Message> messages;
    private final Memory memory;

    private SchemaAnswer(JsonNode root, List<Message> messages, Memory memory) {
        this.root = root;
        this.messages = messages;
        this.memory = memory;
    }

    /** A JSON text that fits {@code schema}. */
    static String to(JsonNode schema, List<Message> messages, Memory memory) {
        return Json.write(new SchemaAnswer(schema, messages, memory).value("", schema, 0));
    }

    /** Some JSON object, when no schema says which. */
    static String object(List<Message> messages, Memory memory) {
        return Json.write(Map.of("summary", summary(messages), "facts", factLines(memory)));
    }

    /** The label that what was said mentions first, else the last one: in lists of reasons that is the harmless one. */
    static String choose(List<String> labels, List<Message> messages, @Nullable Message asking) {
        StringBuilder said = new StringBuilder();
        for (Message message : messages) {
            if (!message.equals(asking) && !message.from("system") && !message.from("developer")) {
                said.append(message.content().toLowerCase(Locale.ROOT)).append('\n');
            }
        }
        for (String label : labels) {
            String words = label.toLowerCase(Locale.ROOT).replace('_', ' ').strip();
            if (!words.isEmpty() && said.indexOf(words) >= 0) {
                return label;
            }
        }
        return labels.getLast();
    }

    private Object value(String name, JsonNode schema, int depth) {
        JsonNode resolved = resolve(schema);
        if (resolved.path("const").isValueNode() && resolved.has("const")) {
            return plain(resolved.path("const"));
        }
        if (resolved.path("enum").isArray()) {
            return chosen(resolved.path("enum"));
        }
        return switch (type(resolved)) {
            case "object" -> object(resolved, depth);
            case "array" -> array(name, resolved, depth);
            case "integer" -> (long) number(resolved, 0);
            case "number" -> number(resolved, name.contains("confidence") ? 0.9 : 0);
            case "boolean" -> truth(name);
            default -> string(name, resolved);
        };
    }

    private JsonNode resolve(JsonNode schema) {
        JsonNode at = schema;
        for (int i = 0; i < MAX_DEPTH; i++) {
            String reference = Json.text(at, "$ref");
            if (reference != null && reference.startsWith("#/")) {
                at = root.at(reference.substring(1));
                continue;
            }
            JsonNode alternatives = at.has("anyOf") ? at.path("anyOf") : at.path("oneOf");
            if (!alternatives.isArray()) {
                return at;
            }
            at = firstNonNull(alternatives);
        }
        return at;
    }

    private static JsonNode firstNonNull(JsonNode alternatives) {
        for (JsonNode alternative : alternatives) {
            if (!"null".equals(Json.text(alternative, "type"))) {
                return alternative;
            }
        }
        return alternatives.path(0);
    }

    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            for (JsonNode one : type) {
                if (!one.asString("").equals("null")) {
                    return one.asString("");
                }
            }
        }
        return type.isString() ? type.asString() : schema.has("properties") ? "object" : "string";
    }

    private Map<String, Object> object(JsonNode schema, int depth) {
        Map<String, Object> object = new LinkedHashMap<>();
        if (depth < MAX_DEPTH) {
            for (var property : schema.path("properties").properties()) {
                object.put(
                        property.getKey(),
                        value(property.getKey().toLowerCase(Locale.ROOT), property.getValue(), depth + 1));
            }
        }
        return object;
    }

    private List<Object> array(String name, JsonNode schema, int depth) {
        JsonNode items = resolve(schema.path("items"));
        boolean texts = type(items).equals("string") && !items.has("enum");
        List<Object> array = new ArrayList<>();
        if (texts) {
            array.addAll(aboutFacts(name) ? factLines(memory) : sentences(messages, USUAL_ITEMS));
        } else if (type(items).equals("object") && aboutFacts(name)) {
            memory.facts()
                    .forEach((about, fact) -> array.add(
                            new SchemaAnswer(root, messages, memory).factObject(items, about, fact, depth + 1)));
        }
        int least = schema.path("minItems").asInt(0);
        while (array.size() < least) {
            array.add(value(name, items, depth + 1));
        }
        int most = schema.path("maxItems").asInt(Integer.MAX_VALUE);
        return array.size() > most ? array.subList(0, most) : array;
    }

    private Object factObject(JsonNode schema, String about, String fact, int depth) {
        Map<String, Object> object = object(schema, depth);
        boolean subjectGiven = false;
        for (var property : schema.path("properties").properties()) {
            JsonNode type = resolve(property.getValue());
            if (type(type).equals("string") && !type.has("enum")) {
                boolean alone = schema.path("properties").size() == 1;
                boolean isSubject =
                        !subjectGiven && property.getKey().matches("(?i).*(key|subject|name|topic|about|category).*");
                subjectGiven |= isSubject;
                object.put(property.getKey(), alone ? about + ": " + fact : isSubject ? about : fact);
            }
        }
        return object;
    }

    private static boolean aboutFacts(String name) {
        return name.contains("fact") || name.contains("memor") || name.contains("remember");
    }

    private Object chosen(JsonNode values) {
        List<String> labels = new ArrayList<>();
        values.forEach(value -> {
            if (value.isString()) {
                labels.add(value.asString());
            }
        });
        return labels.isEmpty() ? plain(values.path(0)) : choose(labels, messages, null);
    }

    private static double number(JsonNode schema, double usual) {
        double least = schema.path("minimum").asDouble(Math.min(usual, 0));
        double most = schema.path("maximum").asDouble(Double.MAX_VALUE);
        return Math.clamp(usual, least, Math.max(least, most));
    }

    private boolean truth(String name) {
        boolean complaint = name.contains("fail")
                || name.contains("fault")
                || name.contains("problem")
                || name.contains("refund")
                || name.contains("machine")
                || name.contains("voicemail");
        return !complaint;
    }

    private String string(String name, JsonNode schema) {
        String text = switch (name) {
            case "language" -> "en";
            case "mood", "sentiment", "tone" -> "friendly";
            case "title", "subject", "headline", "topic" -> title();
            case "reason" -> "The conversation came to its natural end.";
            default -> summary(messages);
        };
        int most = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        return text.length() > most ? text.substring(0, most) : text;
    }

    private String title() {
        List<String> sentences = sentences(messages, 1);
        return sentences.isEmpty() ? "A short call" : Persona.firstWords(sentences.getFirst(), 8);
    }

    private static String summary(List<Message> messages) {
        List<String> sentences = sentences(messages, USUAL_ITEMS);
        return sentences.isEmpty()
                ? "The call was answered and nothing was said."
                : "The caller said: " + String.join(" ", sentences);
    }

    /** What the user said, the first so many turns; of a transcript in one message its first lines. */
    private static List<String> sentences(List<Message> messages, int limit) {
        return messages.stream()
                .filter(message -> message.from("user"))
                .flatMap(message -> message.content().lines())
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .limit(limit)
                .map(line -> line.length() > 200 ? line.substring(0, 200) : line)
                .toList();
    }

    private static List<String> factLines(Memory memory) {
        List<String> lines = new ArrayList<>();
        memory.facts().forEach((about, fact) -> lines.add(about + ": " + fact));
        return lines;
    }

    private static Object plain(JsonNode value) {
        if (value.isNumber()) {
            return value.asDouble();
        }
        return value.isBoolean() ? value.asBoolean() : value.asString("");
    }
}
