package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.phone.Handset;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answering machine detection of one outgoing call: before its document is run, or beside it. On the simulators' thread. */
final class MachineListener {
    private final Exchange exchange;
    private final String sid;
    private final DialRequest request;
    private @Nullable String answeredBy;

    MachineListener(Exchange exchange, String sid, DialRequest request) {
        this.exchange = exchange;
        this.sid = sid;
        this.request = request;
    }

    /** Who has answered, once that is known. */
    @Nullable
    String answeredBy() {
        return answeredBy;
    }

    /** The same as a webhook says it. */
    Map<String, String> fields() {
        return answeredBy == null ? Map.of() : Map.of("AnsweredBy", answeredBy);
    }

    /**
     * The call was answered.
     *
     * @param runDocument what the call is for; waits for the verdict unless detection runs beside it
     * @param timers keeps what is to be cancelled when the call is over
     */
    void listen(Handset.Detection found, Runnable runDocument, Consumer<SimTime.Timer> timers) {
        DialRequest.Amd amd = request.amd();
        if (amd == null || amd.async()) {
            runDocument.run();
        }
        if (amd == null) {
            return;
        }
        MachineDetection verdict = MachineDetection.of(amd, found);
        timers.accept(exchange.time()
                .after(Duration.ofMillis(verdict.takenMillis()), () -> decided(amd, verdict, runDocument)));
    }

    private void decided(DialRequest.Amd amd, MachineDetection verdict, Runnable runDocument) {
        answeredBy = verdict.answeredBy();
        journal("amd", Details.of("answeredBy", answeredBy, "afterMillis", verdict.takenMillis()));
        if (!amd.async()) {
            runDocument.run();
        } else if (amd.callback() != null) {
            exchange.webhooks()
                    .send(
                            new Webhooks.Request(
                                    amd.callback(),
                                    amd.callbackMethod(),
                                    verdict.form(exchange.settings().accountSid(), sid),
                                    null),
                            result -> journal(
                                    "amd.callback.sent",
                                    Details.of("httpStatus", result.status(), "failure", result.failure())));
        }
    }

    private void journal(String kind, Map<String, Object> detail) {
        exchange.journal(sid, kind, detail);
    }
}
