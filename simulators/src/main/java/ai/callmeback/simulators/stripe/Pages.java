package ai.callmeback.simulators.stripe;

import java.util.List;
import java.util.Map;

/** A list of the vendor's, in pages after one of its objects. */
final class Pages {
    private static final int DEFAULT_LIMIT = 10;
    private static final int MAX_LIMIT = 100;

    private Pages() {}

    static Map<String, Object> of(List<Map<String, Object>> all, Map<String, String> fields, String path)
            throws StripeError {
        long limit = fields.containsKey("limit") ? Bodies.number(fields, "limit") : DEFAULT_LIMIT;
        if (limit < 1 || limit > MAX_LIMIT) {
            throw StripeError.invalid("limit", "Must be 1 to " + MAX_LIMIT + ".");
        }
        List<Map<String, Object>> left = all;
        String after = fields.get("starting_after");
        if (after != null) {
            int index = all.stream().map(one -> one.get("id")).toList().indexOf(after);
            if (index < 0) {
                throw StripeError.invalid("starting_after", "No such object: " + after);
            }
            left = all.subList(index + 1, all.size());
        }
        return Map.of(
                "object",
                "list",
                "data",
                left.stream().limit(limit).toList(),
                "has_more",
                left.size() > limit,
                "url",
                path);
    }
}
