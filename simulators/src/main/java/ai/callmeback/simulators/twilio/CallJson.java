package ai.callmeback.simulators.twilio;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The vendor's Call resource: {@code duration}, {@code price} and {@code queue_time} are strings or null. */
final class CallJson {
    private CallJson() {}

    static Map<String, @Nullable Object> of(Call call) {
        DialRequest request = call.request();
        Call.Resource resource = call.resource();
        String uri = "/" + Exchange.API_VERSION + "/Accounts/" + call.accountSid() + "/Calls/" + call.callSid();
        boolean over = call.status().over();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("sid", call.callSid());
        json.put("account_sid", call.accountSid());
        json.put("api_version", Exchange.API_VERSION);
        json.put("to", request.to());
        json.put("to_formatted", formatted(request.to()));
        json.put("from", request.from());
        json.put("from_formatted", formatted(request.from()));
        json.put("phone_number_sid", null);
        json.put("parent_call_sid", null);
        json.put("status", call.status().text());
        json.put("direction", request.inbound() ? "inbound" : "outbound-api");
        json.put("answered_by", resource.answeredBy());
        json.put("start_time", Rfc2822.orNull(resource.startedAt()));
        json.put("end_time", Rfc2822.orNull(resource.endedAt()));
        json.put("duration", over ? String.valueOf(resource.durationSeconds()) : null);
        json.put(
                "price",
                resource.priceUsd() == null
                        ? null
                        : resource.priceUsd().negate().toPlainString());
        json.put("price_unit", "USD");
        json.put("queue_time", String.valueOf(resource.queueMillis()));
        json.put("forwarded_from", null);
        json.put("caller_name", null);
        json.put("group_sid", null);
        json.put("trunk_sid", "");
        json.put("date_created", Rfc2822.format(resource.createdAt()));
        json.put("date_updated", Rfc2822.format(resource.updatedAt()));
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
