package ai.callmeback.simulators.pricing;

import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Replies;
import ai.callmeback.simulators.core.Resettable;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Pages for people: the amounts stay until they are set, the words and scripts around them are others at each visit. */
@RestController
class PricePages implements Resettable {
    private static final Set<FaultKind> KINDS =
            EnumSet.of(FaultKind.HTTP_429, FaultKind.HTTP_500, FaultKind.HTTP_ERROR, FaultKind.DROP_REPLY);
    private static final Map<String, String> FIRST = Map.of(
            "deepgram", "Flux $0.0059 a minute, Nova-3 $0.0048 a minute",
            "elevenlabs", "$0.30 per 1,000 credits",
            "llm", "gpt-oss-120b $0.60 per million tokens",
            "resend", "50,000 e-mails for $20");

    private final Faults faults;
    private final Map<String, String> amounts = new ConcurrentHashMap<>(FIRST);
    private final AtomicLong visits = new AtomicLong();

    PricePages(Faults faults) {
        this.faults = faults;
    }

    record Amounts(String amounts) {}

    @GetMapping("/deepgram/pricing")
    Mono<ResponseEntity<String>> deepgram(ServerWebExchange exchange) {
        return page("deepgram", exchange);
    }

    @GetMapping("/elevenlabs/pricing")
    Mono<ResponseEntity<String>> elevenlabs(ServerWebExchange exchange) {
        return page("elevenlabs", exchange);
    }

    @GetMapping("/llm/v1/pricing")
    Mono<ResponseEntity<String>> llm(ServerWebExchange exchange) {
        return page("llm", exchange);
    }

    @GetMapping("/resend/pricing")
    Mono<ResponseEntity<String>> resend(ServerWebExchange exchange) {
        return page("resend", exchange);
    }

    /** What a page says its prices are, such as {@code Flux $0.0071 a minute}. */
    @PutMapping("/control/prices/{vendor}")
    Amounts set(@PathVariable String vendor, @RequestBody Amounts said) {
        if (!FIRST.containsKey(vendor)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        amounts.put(vendor, said.amounts());
        return said;
    }

    private Mono<ResponseEntity<String>> page(String vendor, ServerWebExchange exchange) {
        Optional<Fault> fault = faults.take(vendor, "pricing", KINDS);
        if (fault.isPresent()) {
            return switch (fault.get().kind()) {
                case DROP_REPLY -> Replies.drop(exchange.getResponse());
                case HTTP_429 -> Mono.just(ResponseEntity.status(429).body("Too many requests"));
                case HTTP_500 -> Mono.just(ResponseEntity.status(500).body("Something went wrong"));
                default ->
                    Mono.just(ResponseEntity.status(fault.get().httpStatus()).body("Refused"));
            };
        }
        long visit = visits.incrementAndGet();
        return Mono.just(ResponseEntity.ok()
                .contentType(MediaType.TEXT_HTML)
                .body("<!doctype html><title>Pricing</title><script>var visit = '$" + visit + "';</script>"
                        + "<h1>Prices</h1><p class=\"v" + visit + "\">" + amounts.get(vendor) + "</p><p>Visitor "
                        + visit + "</p>"));
    }

    @Override
    public void reset() {
        amounts.putAll(FIRST);
    }
}
