package ai.callmeback.simulators.stripe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.springframework.util.MultiValueMap;

/** The vendor's list of balance transactions: newest first, of a range, in pages after one of them. */
final class BalanceList {
    private static final int DEFAULT_LIMIT = 10;
    private static final int MAX_LIMIT = 100;

    private BalanceList() {}

    static Map<String, Object> page(Account account, MultiValueMap<String, String> query) throws StripeError {
        Map<String, String> fields = new LinkedHashMap<>(query.toSingleValueMap());
        long from = fields.containsKey("created[gte]") ? Bodies.number(fields, "created[gte]") : 0;
        long until = fields.containsKey("created[lt]") ? Bodies.number(fields, "created[lt]") : Long.MAX_VALUE;
        long limit = fields.containsKey("limit") ? Bodies.number(fields, "limit") : DEFAULT_LIMIT;
        if (limit < 1 || limit > MAX_LIMIT) {
            throw StripeError.invalid("limit", "Must be 1 to " + MAX_LIMIT + ".");
        }
        boolean expand = query.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("expand["))
                .map(Entry::getValue)
                .anyMatch(values -> values.contains("data.source"));
        List<Map<String, Object>> all =
                expand ? account.transactions(from, until, "source") : account.transactions(from, until);
        String after = fields.get("starting_after");
        if (after != null) {
            int index = all.stream().map(one -> one.get("id")).toList().indexOf(after);
            if (index < 0) {
                throw StripeError.invalid("starting_after", "No such balance transaction: " + after);
            }
            all = all.subList(index + 1, all.size());
        }
        return Map.of(
                "object",
                "list",
                "data",
                all.stream().limit(limit).toList(),
                "has_more",
                all.size() > limit,
                "url",
                "/v1/balance_transactions");
    }
}
