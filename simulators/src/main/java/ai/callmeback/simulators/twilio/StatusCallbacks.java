package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reports one call's progress to its status callback: the chosen events, numbered from 0 as they happen, each a request
 * of its own, so that nothing guarantees their order; doubled, disordered, delayed or lost if a fault says so.
 */
final class StatusCallbacks {
    private static final Set<FaultKind> FAULTS = EnumSet.of(
            FaultKind.DELAY, FaultKind.DUPLICATE_CALLBACKS, FaultKind.REORDER_CALLBACKS, FaultKind.DROP_CALLBACKS);

    private final Exchange exchange;
    private final Call call;
    private @Nullable String url;
    private String method;
    private final Set<DialRequest.Event> events;
    private int sequence;
    private @Nullable Runnable held;

    StatusCallbacks(Exchange exchange, Call call, DialRequest request) {
        this.exchange = exchange;
        this.call = call;
        this.url = request.statusCallback();
        this.method = request.statusCallbackMethod();
        this.events = request.statusEvents();
    }

    /** A later request named another address. */
    void redirect(String newUrl, String newMethod) {
        url = newUrl;
        method = newMethod;
    }

    /** Something happened. {@code delivered} runs when it has been reported, or need not be. */
    void fire(DialRequest.Event event, String status, Map<String, String> extra, Runnable delivered) {
        if (url == null || !events.contains(event)) {
            delivered.run();
            return;
        }
        Map<String, String> form = new LinkedHashMap<>(CallForm.of(call));
        form.put("CallStatus", status);
        form.put("Timestamp", Rfc2822.format(exchange.time().now()));
        form.put("CallbackSource", "call-progress-events");
        form.put("SequenceNumber", Integer.toString(sequence++));
        form.putAll(extra);
        Webhooks.Request request = new Webhooks.Request(url, method, form, null);
        Optional<Fault> fault =
                exchange.faults().take(Exchange.VENDOR, "callback", FAULTS, call.callSid(), call.number());
        deliver(event, request, delivered, fault.orElse(null));
    }

    private void deliver(DialRequest.Event event, Webhooks.Request request, Runnable delivered, @Nullable Fault fault) {
        Runnable sending = () -> send(event, request, delivered);
        FaultKind kind = fault == null ? null : fault.kind();
        if (kind == FaultKind.DROP_CALLBACKS) {
            exchange.journal(call.callSid(), "callback.dropped", Details.of("event", name(event)));
            delivered.run();
        } else if (kind == FaultKind.DELAY && fault != null) {
            exchange.time().after(Duration.ofMillis(fault.delayMillis()), sending);
        } else if (kind == FaultKind.REORDER_CALLBACKS && held == null && event != DialRequest.Event.COMPLETED) {
            held = sending;
        } else if (kind == FaultKind.DUPLICATE_CALLBACKS) {
            sending.run();
            send(event, request, () -> {});
        } else {
            sending.run();
        }
    }

    private void send(DialRequest.Event event, Webhooks.Request request, Runnable delivered) {
        Runnable before = held;
        held = null;
        exchange.webhooks().send(request, result -> {
            exchange.journal(
                    call.callSid(),
                    "callback.sent",
                    Details.of(
                            "event", name(event),
                            "callStatus", request.form().get("CallStatus"),
                            "sequence", request.form().get("SequenceNumber"),
                            "httpStatus", result.status(),
                            "attempts", result.attempts(),
                            "failure", result.failure()));
            delivered.run();
            if (before != null) {
                before.run();
            }
        });
    }

    private static String name(DialRequest.Event event) {
        return event.name().toLowerCase(Locale.ROOT);
    }
}
