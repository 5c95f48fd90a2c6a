package ai.callmeback.simulators.twilio;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The forms posted to the customer about a call and its streams. */
final class CallForm {
    private CallForm() {}

    /** The fields that every callback about the call carries. */
    static Map<String, String> of(Call call) {
        String from = call.request().from();
        String to = call.request().to();
        Map<String, String> form = new LinkedHashMap<>();
        form.put("AccountSid", call.accountSid());
        form.put("CallSid", call.callSid());
        form.put("From", from);
        form.put("To", to);
        form.put("Caller", from);
        form.put("Called", to);
        form.put("Direction", call.request().inbound() ? "inbound" : "outbound-api");
        form.put("ApiVersion", Exchange.API_VERSION);
        for (String side : List.of("From", "To", "Caller", "Called")) {
            for (String place : List.of("City", "State", "Zip", "Country")) {
                form.put(side + place, "");
            }
        }
        return form;
    }

    static Map<String, String> ofStream(
            Call call, Verb.ConnectStream stream, String streamSid, String event, @Nullable String error, Instant now) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("AccountSid", call.accountSid());
        form.put("CallSid", call.callSid());
        form.put("StreamSid", streamSid);
        if (stream.name() != null) {
            form.put("StreamName", stream.name());
        }
        form.put("StreamEvent", event);
        if (error != null) {
            form.put("StreamError", error);
        }
        form.put("Timestamp", now.toString());
        return form;
    }
}
