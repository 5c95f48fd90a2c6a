package ai.callmeback.simulators.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON without ceremony: reading small messages into trees, writing frequent ones straight into text. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Json() {}

    /** The tree of {@code text}, or null if it is no JSON object. */
    public static @Nullable JsonNode object(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            return node != null && node.isObject() ? node : null;
        } catch (JacksonException malformed) {
            return null;
        }
    }

    /** {@code text} as a value of a type, or null if it is none. */
    public static <T> @Nullable T read(String text, Class<T> type) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JacksonException malformed) {
            return null;
        }
    }

    /** Any value as JSON text. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** {@code text} as a JSON string with its quotes; null becomes {@code null}. */
    public static String quote(@Nullable CharSequence text) {
        return quote(new StringBuilder(text == null ? 4 : text.length() + 2), text)
                .toString();
    }

    /** Appends {@code text} as a JSON string with its quotes; null becomes {@code null}. */
    public static StringBuilder quote(StringBuilder to, @Nullable CharSequence text) {
        if (text == null) {
            return to.append("null");
        }
        to.append('"');
        for (int i = 0; i < text.length(); i++) {
            escape(to, text.charAt(i));
        }
        return to.append('"');
    }

    private static void escape(StringBuilder to, char c) {
        switch (c) {
            case '"' -> to.append("\\\"");
            case '\\' -> to.append("\\\\");
            case '\n' -> to.append("\\n");
            case '\r' -> to.append("\\r");
            case '\t' -> to.append("\\t");
            default -> {
                if (c < 0x20 || Character.isSurrogate(c)) {
                    to.append("\\u")
                            .append(HEX[c >> 12])
                            .append(HEX[(c >> 8) & 15])
                            .append(HEX[(c >> 4) & 15])
                            .append(HEX[c & 15]);
                } else {
                    to.append(c);
                }
            }
        }
    }

    /** A string member, or null if it is absent, null or something else. */
    public static @Nullable String text(@Nullable JsonNode object, String member) {
        JsonNode value = object == null ? null : object.get(member);
        return value != null && value.isString() ? value.asString() : null;
    }

    /** Whether a member is literally {@code true}. */
    public static boolean flag(JsonNode object, String member) {
        JsonNode value = object.get(member);
        return value != null && value.isBoolean() && value.asBoolean();
    }

    /** Milliseconds as seconds with at most three decimals. */
    public static StringBuilder seconds(StringBuilder to, long millis) {
        to.append(millis / 1000).append('.');
        long rest = Math.abs(millis % 1000);
        return to.append((char) ('0' + rest / 100))
                .append((char) ('0' + rest / 10 % 10))
                .append((char) ('0' + rest % 10));
    }
}
