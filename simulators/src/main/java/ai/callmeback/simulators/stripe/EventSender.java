package ai.callmeback.simulators.stripe;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.wire.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Signs events and delivers them, again while they are not acknowledged. Faults of operation {@code webhook}: {@code
 * DROP_CALLBACKS}, {@code DUPLICATE_CALLBACKS}, {@code REORDER_CALLBACKS} (an event waits for the next one and goes after
 * it), {@code DELAY}.
 */
@Component
class EventSender {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    /** Over some minutes; the vendor itself tries for days. */
    private static final int RETRIES = 25;

    private static final String VENDOR = "stripe";
    private static final String KIND = "event";

    private final StripeSettings settings;
    private final Journal journal;
    private final Faults faults;
    private final SimTime time;
    private final StripeClock clock;
    private final StripeMemory memory;
    private final WebClient client = WebClient.create();
    private @Nullable Event heldBack;

    /** As it goes on the wire. */
    private record Event(String id, String body) {}

    EventSender(
            StripeSettings settings,
            Journal journal,
            Faults faults,
            SimTime time,
            StripeClock clock,
            StripeMemory memory) {
        this.settings = settings;
        this.journal = journal;
        this.faults = faults;
        this.time = time;
        this.clock = clock;
        this.memory = memory;
        memory.found(KIND).forEach((id, kept) -> deliver(new Event(id, String.valueOf(kept.get("body")))));
    }

    /** Makes an event of {@code object} as it is now. */
    synchronized void send(String type, Map<String, Object> object) {
        String id = "evt_" + UUID.randomUUID().toString().replace("-", "");
        String body = Json.write(Details.of(
                "id",
                id,
                "object",
                "event",
                "api_version",
                "2026-07-29.dahlia",
                "created",
                clock.now().getEpochSecond(),
                "type",
                type,
                "livemode",
                false,
                "pending_webhooks",
                1,
                "data",
                Map.of("object", object)));
        journal.append(
                VENDOR, String.valueOf(object.get("id")), "event.created", Details.of("event", id, "type", type));
        Optional<Fault> fault = faults.take(
                VENDOR,
                "webhook",
                EnumSet.of(
                        FaultKind.DROP_CALLBACKS,
                        FaultKind.DUPLICATE_CALLBACKS,
                        FaultKind.REORDER_CALLBACKS,
                        FaultKind.DELAY),
                String.valueOf(object.get("id")),
                type);
        Event event = new Event(id, body);
        Event late = heldBack;
        heldBack = null;
        FaultKind kind = fault.map(Fault::kind).orElse(FaultKind.SILENT);
        if (kind != FaultKind.DROP_CALLBACKS) {
            memory.keep(KIND, id, () -> Map.of("body", body));
        }
        switch (kind) {
            case DROP_CALLBACKS -> journal.append(VENDOR, null, "event.lost", Details.of("event", id));
            case DUPLICATE_CALLBACKS -> {
                deliver(event);
                deliver(event);
            }
            case REORDER_CALLBACKS -> heldBack = event;
            case DELAY -> time.after(Duration.ofMillis(fault.orElseThrow().delayMillis()), () -> deliver(event));
            default -> deliver(event);
        }
        if (late != null) {
            deliver(late);
        }
    }

    /** Once what it tells of is kept. */
    private void deliver(Event event) {
        memory.afterwards(() -> deliverNow(event));
    }

    private void deliverNow(Event event) {
        if (settings.webhookUrl().isBlank()) {
            over(event);
            return;
        }
        Mono.defer(() -> post(event.body()))
                .retryWhen(Retry.backoff(RETRIES, Duration.ofMillis(500)).maxBackoff(Duration.ofSeconds(10)))
                .doFinally(end -> over(event))
                .subscribe(
                        status -> journal.append(VENDOR, null, "event.delivered", Details.of("status", status)),
                        failure -> journal.append(
                                VENDOR, null, "event.undelivered", Details.of("why", failure.getMessage())));
    }

    private void over(Event event) {
        memory.all(() -> memory.keep(KIND, event.id(), () -> null));
    }

    private Mono<Integer> post(String body) {
        long timestamp = clock.now().getEpochSecond();
        return client.post()
                .uri(URI.create(settings.webhookUrl()))
                .contentType(MediaType.APPLICATION_JSON)
                .header("Stripe-Signature", "t=" + timestamp + ",v1=" + signature(timestamp + "." + body))
                .bodyValue(body)
                .exchangeToMono(answer -> answer.statusCode().is2xxSuccessful()
                        ? answer.releaseBody().thenReturn(answer.statusCode().value())
                        : answer.createError())
                .timeout(DEADLINE);
    }

    private String signature(String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(settings.webhookSecret().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
        }
    }
}
