package ai.callmeback.simulators.twilio;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The vendor's Call resource: {@code duration}, {@code price} and {@code queue_time} are strings or null. */
final class CallJson {
    private CallJson() {}

    static Map<String, @Nullable Object> of(CallRecord call) {
        String uri = "/" + Exchange.API_VERSION + "/Accounts/" + call.accountSid() + "/Calls/" + call.sid();
        boolean over = call.status().over();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("sid", call.sid());
        json.put("account_sid", call.accountSid());
        json.put("api_version", Exchange.API_VERSION);
        json.put("to", call.to());
        json.put("to_formatted", formatted(call.to()));
        json.put("from", call.from());
        json.put("from_formatted", formatted(call.from()));
        json.put("phone_number_sid", null);
        json.put("parent_call_sid", null);
        json.put("status", call.status().text());
        json.put("direction", call.inbound() ? "inbound" : "outbound-api");
        json.put("answered_by", call.answeredBy());
        json.put("start_time", Rfc2822.orNull(call.startedAt()));
        json.put("end_time", Rfc2822.orNull(call.endedAt()));
        json.put("duration", over ? String.valueOf(call.durationSeconds()) : null);
        json.put(
                "price",
                call.priceUsd() == null ? null : call.priceUsd().negate().toPlainString());
        json.put("price_unit", "USD");
        json.put("queue_time", String.valueOf(call.queueMillis()));
        json.put("forwarded_from", null);
        json.put("caller_name", null);
        json.put("group_sid", null);
        json.put("trunk_sid", "");
        json.put("date_created", Rfc2822.format(call.createdAt()));
        json.put("date_updated", Rfc2822.format(call.updatedAt()));
        json.put("uri", uri + ".json");
        json.put("subresource_uris", Map.of("recordings", uri + "/Recordings.json", "streams", uri + "/Streams.json"));
        return json;
    }

    /** North American numbers the way the vendor prints them; others as they are. */
    private static String formatted(String e164) {
        return e164.matches("\\+1\\d{10}")
                ? "(" + e164.substring(2, 5) + ") " + e164.substring(5, 8) + "-" + e164.substring(8)
                : e164;
    }
}
