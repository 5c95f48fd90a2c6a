package ai.callmeback.simulators.stripe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.springframework.util.MultiValueMap;

/** The vendor's list of balance transactions: newest first, of a range, in pages after one of them. */
final class BalanceList {
    private BalanceList() {}

    static Map<String, Object> page(Balance balance, MultiValueMap<String, String> query) throws StripeError {
        Map<String, String> fields = new LinkedHashMap<>(query.toSingleValueMap());
        long from = fields.containsKey("created[gte]") ? Bodies.number(fields, "created[gte]") : 0;
        long until = fields.containsKey("created[lt]") ? Bodies.number(fields, "created[lt]") : Long.MAX_VALUE;
        boolean expand = query.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("expand["))
                .map(Entry::getValue)
                .anyMatch(values -> values.contains("data.source"));
        String payout = fields.get("payout");
        if (payout != null) {
            return Pages.of(balance.transactionsOf(payout), fields, "/v1/balance_transactions");
        }
        List<Map<String, Object>> all =
                expand ? balance.transactions(from, until, "source") : balance.transactions(from, until);
        return Pages.of(all, fields, "/v1/balance_transactions");
    }

    static Map<String, Object> payouts(Balance balance, MultiValueMap<String, String> query) throws StripeError {
        Map<String, String> fields = new LinkedHashMap<>(query.toSingleValueMap());
        long from = fields.containsKey("created[gte]") ? Bodies.number(fields, "created[gte]") : 0;
        long until = fields.containsKey("created[lt]") ? Bodies.number(fields, "created[lt]") : Long.MAX_VALUE;
        return Pages.of(balance.payouts(from, until), fields, "/v1/payouts");
    }
}
