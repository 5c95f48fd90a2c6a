package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.phone.Handset;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the detection of answering machines makes of a call.
 *
 * @param answeredBy {@code human}, {@code machine_start}, {@code machine_end_beep}, or {@code unknown} when its time was up
 * @param takenMillis from the answer to the verdict
 */
record MachineDetection(String answeredBy, long takenMillis) {

    /** A machine may be waited for until its greeting is over, a person never. */
    static MachineDetection of(DialRequest.Amd asked, Handset.Detection found) {
        boolean toTheEnd = found.machine() && asked.untilMessageEnd();
        long neededMillis = toTheEnd ? found.greetingMillis() : found.afterMillis();
        long takenMillis = Math.min(neededMillis, asked.timeoutSeconds() * 1_000L);
        String verdict = neededMillis > takenMillis
                ? "unknown"
                : !found.machine() ? "human" : toTheEnd ? "machine_end_beep" : "machine_start";
        return new MachineDetection(verdict, takenMillis);
    }

    /** The fields of the asynchronous callback. */
    Map<String, String> form(String accountSid, String callSid) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("CallSid", callSid);
        form.put("AccountSid", accountSid);
        form.put("AnsweredBy", answeredBy);
        form.put("MachineDetectionDuration", Long.toString(takenMillis));
        return form;
    }
}
