package ai.callmeback.api.inbound;

import ai.callmeback.db.inbound.InboundCalls;
import ai.callmeback.db.inbound.InboundOutcome;
import ai.callmeback.db.inbound.InboundRing;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.IdSource;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.UserId;
import ai.callmeback.vendors.trace.CallSpan;
import ai.callmeback.vendors.trace.CallTraces;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Decides about who rings; see {@link InboundCalls}. */
@Component
public class Reception {
    private static final Logger log = LoggerFactory.getLogger(Reception.class);
    private static final String FORGED = "TN-Validation-Failed";

    private final InboundCalls calls;
    private final PersonaNumbers numbers;
    private final CallerHash hash;
    private final InboundSettings settings;
    private final IdSource ids;
    private final CallTraces traces;
    private final Clock clock;

    Reception(
            InboundCalls calls,
            PersonaNumbers numbers,
            CallerHash hash,
            InboundSettings settings,
            IdSource ids,
            CallTraces traces,
            Clock clock) {
        this.traces = traces;
        this.calls = calls;
        this.numbers = numbers;
        this.hash = hash;
        this.settings = settings;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * The same answer however often it is asked about one call.
     *
     * @param attestation what the network says of the caller's number ({@code StirVerstat}); a number it calls forged is
     *     nobody's
     */
    public Mono<InboundOutcome> answer(
            String callSid, E164 called, @Nullable String from, @Nullable String attestation) {
        return numbers.ownerOf(called)
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .map(persona -> ring(callSid, persona, called, caller(from, attestation)))
                .flatMap(ring ->
                        calls.answer(ring, settings.freeCallsPerDay()).doOnNext(outcome -> trace(ring, outcome)))
                .doOnNext(outcome -> {
                    if (outcome instanceof InboundOutcome.Refused refused) {
                        log.info(
                                "inbound call {} turned away: {}",
                                callSid,
                                refused.why().code());
                    }
                });
    }

    /** Where the trace of a call that is let in begins; a repeat is answered with the call of the first. */
    private void trace(InboundRing ring, InboundOutcome outcome) {
        if (outcome instanceof InboundOutcome.Accepted accepted
                && accepted.callId().equals(ring.callId())) {
            traces.add(CallSpan.of(
                    ring.callId(),
                    CallSpan.REQUEST,
                    null,
                    CallSpan.Kind.SERVER,
                    "POST /webhooks/twilio/inbound",
                    ring.at(),
                    clock.instant()));
        }
    }

    private InboundRing ring(String callSid, Optional<PersonaId> persona, E164 called, Optional<E164> caller) {
        UUID call = ids.get();
        UUID guest = ids.get();
        return new InboundRing(
                callSid,
                persona.orElse(null),
                called,
                caller.map(number -> new InboundRing.Caller(number, hash.of(number)))
                        .orElse(null),
                new CallId(call),
                new UserId(guest),
                "g-" + guest,
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    /** Withheld numbers come as words, or as digits that no telephone has. */
    private static Optional<E164> caller(@Nullable String from, @Nullable String attestation) {
        boolean forged = attestation != null && attestation.startsWith(FORGED);
        return from == null || forged || !from.startsWith("+") ? Optional.empty() : E164.parse(from, null);
    }

    /** The call a call of the telephony has become; empty when it was turned away. */
    public Mono<CallId> find(String callSid) {
        return calls.find(callSid);
    }
}
