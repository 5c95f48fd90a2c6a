package ai.callmeback.dev.doctor;

import ai.callmeback.dev.env.Settings;
import ai.callmeback.dev.env.Vendor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether people can ring the personas: the numbers, and what has to be set for them at Twilio. */
final class InboundNumbers {
    private static final String SUBJECT = "inbound calls";
    private static final Pattern ENTRY = Pattern.compile("([a-z][a-z0-9_]{2,39}):(\\+[1-9][0-9]{6,14})");
    private static final String WEBHOOK = "/webhooks/twilio/inbound";

    private InboundNumbers() {}

    static Finding examine(Settings settings) {
        boolean simulated = Vendor.TWILIO.simulated(settings.values());
        String given = settings.get("PERSONA_NUMBERS", simulated ? Vendor.SIMULATED_PERSONA_NUMBERS : "");
        List<String> personas = new ArrayList<>();
        Set<String> numbers = new HashSet<>();
        for (String entry : given.split(",", -1)) {
            var parts = ENTRY.matcher(entry.strip());
            if (entry.isBlank()) {
                continue;
            }
            if (!parts.matches() || !numbers.add(parts.group(2))) {
                return Finding.wrong(
                        SUBJECT,
                        "PERSONA_NUMBERS has an entry that is not persona:number, or a number twice",
                        "write brad_001:+15005550006,sarah_001:+15005550007");
            }
            personas.add(parts.group(1));
        }
        if (simulated) {
            return Finding.ok(SUBJECT, personas.size() + " simulated numbers; ring them from the outbox page");
        }
        String url = settings.get("PUBLIC_URL", "");
        if (url.isBlank()) {
            return Finding.note(SUBJECT, "PUBLIC_URL is not set", "set it, so that Twilio can reach the webhooks");
        }
        String set = "set each number's voice URL at Twilio to " + url + WEBHOOK + ", its status callback to " + url
                + WEBHOOK + "/status";
        return personas.isEmpty()
                ? Finding.note(SUBJECT, "PERSONA_NUMBERS is not set: TWILIO_PHONE_NUMBER is the first persona's", set)
                : Finding.note(SUBJECT, personas + " have numbers", set);
    }
}
