package ai.callmeback.workflows.call;

import ai.callmeback.domain.call.TelephonyState;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that has been heard of one attempt. Reports may come in any order and twice: it only moves forward. */
final class AttemptLog {
    private final int attempt;
    private final Map<Integer, ConverseResult> ended = new HashMap<>();
    private @Nullable TelephonyState telephony;
    private @Nullable String callSid;
    private @Nullable String answeredBy;
    private @Nullable MediaConnected connected;

    AttemptLog(int attempt) {
        this.attempt = attempt;
    }

    int attempt() {
        return attempt;
    }

    void take(TelephonyStatus status) {
        accepted(status.callSid());
        if (telephony == null || telephony.isBefore(status.state())) {
            telephony = status.state();
        }
        if (status.answeredBy() != null) {
            answeredBy = status.answeredBy();
        }
    }

    void accepted(String sid) {
        if (callSid == null) {
            callSid = sid;
        }
    }

    void restore(CallSnapshot.Attempt known) {
        callSid = known.callSid();
        telephony = known.telephony();
        answeredBy = known.answeredBy();
    }

    void take(MediaConnected media) {
        if (connected == null || connected.mediaLeg() < media.mediaLeg()) {
            connected = media;
        }
    }

    void take(MediaEnded media) {
        ended.putIfAbsent(media.mediaLeg(), media.result());
    }

    /** The telephony is known to have this dial. */
    boolean known() {
        return callSid != null || connected != null || telephony != null;
    }

    boolean answered() {
        return connected != null || telephony == TelephonyState.IN_PROGRESS || telephony == TelephonyState.COMPLETED;
    }

    /** The telephony's last word has been heard. */
    boolean over() {
        return telephony != null && telephony.isTerminal();
    }

    @Nullable
    TelephonyState telephony() {
        return telephony;
    }

    boolean connectedAfter(int leg) {
        return connected != null && connected.mediaLeg() > leg;
    }

    @Nullable
    MediaConnected connected() {
        return connected;
    }

    @Nullable
    ConverseResult result(int leg) {
        return ended.get(leg);
    }

    Iterable<ConverseResult> results() {
        return ended.values();
    }

    boolean machine() {
        return answeredBy != null && (answeredBy.startsWith("machine") || answeredBy.equals("fax"));
    }
}
