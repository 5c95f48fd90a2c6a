package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.Confined;
import ai.callmeback.simulators.twilio.TwilioSettings.AbruptClose;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The account's settings by HTTP (its token is never shown), and calls to its numbers. */
@RestController
@RequestMapping("/control/twilio")
class TwilioControl {
    private final Exchange exchange;

    TwilioControl(Exchange exchange) {
        this.exchange = exchange;
    }

    /** What is absent stays as it is. */
    record Request(
            @Nullable Set<String> numbers,
            @Nullable Double callsPerSecond,
            @Nullable AbruptClose abruptClose,
            @Nullable Boolean playOutAfterClose,
            @Nullable Boolean trial,
            @Nullable Set<String> verifiedNumbers,
            @Nullable List<String> refusedPrefixes,
            @Nullable BigDecimal pricePerMinuteUsd,
            @Nullable BigDecimal inboundPricePerMinuteUsd,
            @Nullable Long priceDelayMillis,
            @Nullable BigDecimal initialBalanceUsd,
            @Nullable String voiceUrl) {

        TwilioSettings over(TwilioSettings before) {
            if (callsPerSecond != null && !(callsPerSecond > 0)) {
                throw new IllegalArgumentException("callsPerSecond must be more than 0, was " + callsPerSecond);
            }
            return new TwilioSettings(
                    before.accountSid(),
                    before.authToken(),
                    or(numbers, before.numbers()),
                    or(callsPerSecond, before.callsPerSecond()),
                    or(abruptClose, before.abruptClose()),
                    or(playOutAfterClose, before.playOutAfterClose()),
                    or(trial, before.trial()),
                    or(verifiedNumbers, before.verifiedNumbers()),
                    or(refusedPrefixes, before.refusedPrefixes()),
                    or(pricePerMinuteUsd, before.pricePerMinuteUsd()),
                    or(inboundPricePerMinuteUsd, before.inboundPricePerMinuteUsd()),
                    or(priceDelayMillis, before.priceDelayMillis()),
                    or(initialBalanceUsd, before.initialBalanceUsd()),
                    voiceUrl == null ? before.voiceUrl() : voiceUrl);
        }

        private static <T> T or(@Nullable T given, T before) {
            return given == null ? before : given;
        }

        static Request of(TwilioSettings settings) {
            return new Request(
                    settings.numbers(),
                    settings.callsPerSecond(),
                    settings.abruptClose(),
                    settings.playOutAfterClose(),
                    settings.trial(),
                    settings.verifiedNumbers(),
                    settings.refusedPrefixes(),
                    settings.pricePerMinuteUsd(),
                    settings.inboundPricePerMinuteUsd(),
                    settings.priceDelayMillis(),
                    settings.initialBalanceUsd(),
                    settings.voiceUrl());
        }
    }

    /** A phone is to ring a number of the account. */
    record RingRequest(String from, String to) {}

    record Rung(String callSid) {}

    @PostMapping("/calls")
    @ResponseStatus(HttpStatus.CREATED)
    Mono<Rung> ring(@RequestBody RingRequest request) {
        return Confined.on(exchange.time(), () -> {
            DialRequest call = DialRequest.inbound(
                    String.valueOf(request.from()), String.valueOf(request.to()), exchange.settings());
            return new Rung(exchange.receive(call).callSid());
        });
    }

    @GetMapping
    Request settings() {
        return Request.of(exchange.settings());
    }

    @PutMapping
    Mono<Request> configure(@RequestBody Request request) {
        return Confined.on(exchange.time(), () -> {
            exchange.configure(request.over(exchange.settings()));
            return Request.of(exchange.settings());
        });
    }
}
