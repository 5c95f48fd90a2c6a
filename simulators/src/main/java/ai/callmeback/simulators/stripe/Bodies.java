package ai.callmeback.simulators.stripe;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Form bodies with brackets in their names. */
final class Bodies {
    private Bodies() {}

    static SortedMap<String, String> parse(String body) {
        SortedMap<String, String> fields = new TreeMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    /** The members of {@code metadata[…]} below a prefix. */
    static Map<String, Object> metadata(Map<String, String> fields, String prefix) {
        Map<String, Object> found = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (name.startsWith(prefix + "[") && name.endsWith("]")) {
                found.put(name.substring(prefix.length() + 1, name.length() - 1), value);
            }
        });
        return found;
    }

    static long number(Map<String, String> fields, String name) throws StripeError {
        String text = fields.getOrDefault(name, "");
        if (!text.matches("-?\\d{1,15}")) {
            throw StripeError.invalid(name, "Invalid integer: " + text);
        }
        return Long.parseLong(text);
    }

    static String required(Map<String, String> fields, String name) throws StripeError {
        String text = fields.getOrDefault(name, "");
        if (text.isEmpty()) {
            throw new StripeError(
                    400, "invalid_request_error", "parameter_missing", name, "Missing required param: " + name + ".");
        }
        return text;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
