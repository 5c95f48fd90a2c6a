package ai.callmeback.simulators.stripe;

import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Replies;
import ai.callmeback.simulators.wire.Json;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** {@code /v1} of Stripe. Operations for faults: {@code checkout}, {@code refunds}, {@code subscriptions},
 * {@code payments}, {@code confirm}, {@code detach}, {@code shelf}, {@code read}. */
@RestController
@RequestMapping("/stripe/v1")
@EnableConfigurationProperties(StripeSettings.class)
class StripeController {
    private final StripeSettings settings;
    private final Account account;
    private final Returns returns;
    private final Balance balance;
    private final Shelf shelf;
    private final Subscriptions subscriptions;
    private final SavedCards cards;
    private final Faults faults;
    private final StripeAnswers answers;

    StripeController(
            StripeSettings settings,
            Account account,
            Returns returns,
            Balance balance,
            Shelf shelf,
            Subscriptions subscriptions,
            SavedCards cards,
            Faults faults,
            StripeAnswers answers) {
        this.settings = settings;
        this.account = account;
        this.returns = returns;
        this.balance = balance;
        this.shelf = shelf;
        this.subscriptions = subscriptions;
        this.cards = cards;
        this.faults = faults;
        this.answers = answers;
    }

    @PostMapping("/checkout/sessions")
    Mono<ResponseEntity<String>> createSession(ServerHttpRequest request, ServerHttpResponse response) {
        String base = "http://" + request.getHeaders().getFirst(HttpHeaders.HOST);
        return write(
                "checkout",
                request,
                response,
                form -> account.shown(
                        switch (form.getOrDefault("mode", "")) {
                            case "subscription" -> subscriptions.createSession(form, base);
                            case "setup" -> cards.createSession(form, base);
                            default -> account.createSession(form, base);
                        }));
    }

    @GetMapping("/checkout/sessions/{id}")
    Mono<ResponseEntity<String>> session(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return read(request, response, () -> account.shown(account.find("checkout session", id), expanded(request)));
    }

    private static String[] expanded(ServerHttpRequest request) {
        return request.getQueryParams().entrySet().stream()
                .filter(parameter -> parameter.getKey().startsWith("expand["))
                .map(parameter -> parameter.getValue().getFirst().split("\\.", -1))
                .findFirst()
                .orElse(new String[0]);
    }

    @PostMapping("/checkout/sessions/{id}/expire")
    Mono<ResponseEntity<String>> expire(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return write("checkout", request, response, form -> {
            Map<String, Object> session = account.find("checkout session", id);
            account.expire(id);
            return account.shown(session);
        });
    }

    @PostMapping("/refunds")
    Mono<ResponseEntity<String>> refund(ServerHttpRequest request, ServerHttpResponse response) {
        return write("refunds", request, response, form -> {
            Long amount = form.containsKey("amount") ? Bodies.number(form, "amount") : null;
            return account.shown(
                    returns.refund(Bodies.required(form, "payment_intent"), amount, Bodies.metadata(form, "metadata")));
        });
    }

    @GetMapping("/refunds")
    Mono<ResponseEntity<String>> refunds(ServerHttpRequest request, ServerHttpResponse response) {
        String payment = String.valueOf(request.getQueryParams().getFirst("payment_intent"));
        return read(
                request,
                response,
                () -> Map.of(
                        "object", "list", "data", returns.refundsOf(payment), "has_more", false, "url", "/v1/refunds"));
    }

    @GetMapping("/balance_transactions")
    Mono<ResponseEntity<String>> transactions(ServerHttpRequest request, ServerHttpResponse response) {
        return read(request, response, () -> BalanceList.page(balance, request.getQueryParams()));
    }

    @GetMapping("/payouts")
    Mono<ResponseEntity<String>> payouts(ServerHttpRequest request, ServerHttpResponse response) {
        return read(request, response, () -> BalanceList.payouts(balance, request.getQueryParams()));
    }

    @GetMapping("/refunds/{id}")
    Mono<ResponseEntity<String>> showRefund(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return read(request, response, () -> account.shown(account.find("refund", id)));
    }

    @GetMapping("/disputes/{id}")
    Mono<ResponseEntity<String>> showDispute(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return read(request, response, () -> account.shown(account.find("dispute", id)));
    }

    @GetMapping("/payment_intents/{id}")
    Mono<ResponseEntity<String>> showPayment(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return read(request, response, () -> account.shown(account.find("payment_intent", id), expanded(request)));
    }

    @PostMapping("/payment_intents")
    Mono<ResponseEntity<String>> preparePayment(ServerHttpRequest request, ServerHttpResponse response) {
        return write("payments", request, response, cards::prepare);
    }

    @PostMapping("/payment_intents/{id}/confirm")
    Mono<ResponseEntity<String>> confirmPayment(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return write("confirm", request, response, form -> cards.confirm(id, form));
    }

    @PostMapping("/payment_intents/{id}/cancel")
    Mono<ResponseEntity<String>> cancelPayment(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return write("payments", request, response, form -> cards.cancel(id));
    }

    @GetMapping("/payment_methods/{id}")
    Mono<ResponseEntity<String>> showMethod(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return read(request, response, () -> account.shown(account.find("payment_method", id)));
    }

    @PostMapping("/payment_methods/{id}/detach")
    Mono<ResponseEntity<String>> detach(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return write("detach", request, response, form -> cards.detach(id));
    }

    @GetMapping("/subscriptions/{id}")
    Mono<ResponseEntity<String>> subscription(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return read(request, response, () -> account.shown(account.find("subscription", id)));
    }

    @PostMapping("/subscriptions/{id}")
    Mono<ResponseEntity<String>> changeSubscription(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return write("subscriptions", request, response, form -> subscriptions.update(id, form));
    }

    @DeleteMapping("/subscriptions/{id}")
    Mono<ResponseEntity<String>> cancelSubscription(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return write("subscriptions", request, response, form -> subscriptions.cancel(id));
    }

    @GetMapping("/invoices")
    Mono<ResponseEntity<String>> invoices(ServerHttpRequest request, ServerHttpResponse response) {
        Map<String, String> fields = request.getQueryParams().toSingleValueMap();
        boolean payments = List.of(expanded(request)).contains("payments");
        return read(
                request,
                response,
                () -> Pages.of(
                        subscriptions.invoices(Bodies.required(fields, "subscription"), payments),
                        fields,
                        "/v1/invoices"));
    }

    @GetMapping("/invoices/{id}")
    Mono<ResponseEntity<String>> invoice(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return read(request, response, () -> account.shown(account.find("invoice", id), expanded(request)));
    }

    @GetMapping("/balance")
    Mono<ResponseEntity<String>> balance(ServerHttpRequest request, ServerHttpResponse response) {
        return read(request, response, () -> Map.of("object", "balance", "available", List.of(), "livemode", false));
    }

    @PostMapping("/products")
    Mono<ResponseEntity<String>> createProduct(ServerHttpRequest request, ServerHttpResponse response) {
        return write("shelf", request, response, shelf::createProduct);
    }

    @GetMapping("/products")
    Mono<ResponseEntity<String>> products(ServerHttpRequest request, ServerHttpResponse response) {
        return read(
                request, response, () -> shelf.products(request.getQueryParams().toSingleValueMap()));
    }

    @GetMapping("/products/{id}")
    Mono<ResponseEntity<String>> product(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return read(request, response, () -> shelf.find("product", id));
    }

    @PostMapping("/products/{id}")
    Mono<ResponseEntity<String>> updateProduct(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return write("shelf", request, response, form -> shelf.update("product", id, form));
    }

    @PostMapping("/prices")
    Mono<ResponseEntity<String>> createPrice(ServerHttpRequest request, ServerHttpResponse response) {
        return write("shelf", request, response, shelf::createPrice);
    }

    @GetMapping("/prices")
    Mono<ResponseEntity<String>> prices(ServerHttpRequest request, ServerHttpResponse response) {
        return read(
                request, response, () -> shelf.prices(request.getQueryParams().toSingleValueMap()));
    }

    @PostMapping("/prices/{id}")
    Mono<ResponseEntity<String>> updatePrice(
            @PathVariable String id, ServerHttpRequest request, ServerHttpResponse response) {
        return write("shelf", request, response, form -> shelf.update("price", id, form));
    }

    private Mono<ResponseEntity<String>> read(
            ServerHttpRequest request, ServerHttpResponse response, Callable<Object> work) {
        return withFault("read", request, response, () -> {
            try {
                authorize(request);
                return json(200, Json.write(work.call()));
            } catch (StripeError refused) {
                return json(refused.status(), Json.write(refused.body()));
            }
        });
    }

    private Mono<ResponseEntity<String>> write(
            String operation, ServerHttpRequest request, ServerHttpResponse response, StripeAnswers.Work work) {
        return org.springframework.core.io.buffer.DataBufferUtils.join(request.getBody(), 64 * 1024)
                .map(buffer -> {
                    String body = buffer.toString(java.nio.charset.StandardCharsets.UTF_8);
                    org.springframework.core.io.buffer.DataBufferUtils.release(buffer);
                    return body;
                })
                .defaultIfEmpty("")
                .flatMap(body -> withFault(operation, request, response, () -> answer(request, body, work)));
    }

    private ResponseEntity<String> answer(ServerHttpRequest request, String body, StripeAnswers.Work work) {
        try {
            authorize(request);
            return answers.once(request, Bodies.parse(body), work);
        } catch (StripeError refused) {
            return json(refused.status(), Json.write(refused.body()));
        }
    }

    private Mono<ResponseEntity<String>> withFault(
            String operation,
            ServerHttpRequest request,
            ServerHttpResponse response,
            Callable<ResponseEntity<String>> work) {
        Optional<Fault> fault = faults.take(
                "stripe",
                operation,
                EnumSet.complementOf(EnumSet.of(
                        FaultKind.DROP_CALLBACKS, FaultKind.DUPLICATE_CALLBACKS, FaultKind.REORDER_CALLBACKS)),
                request.getHeaders().getFirst("Idempotency-Key"));
        Mono<ResponseEntity<String>> answer = Mono.fromCallable(work);
        if (fault.isEmpty()) {
            return answer;
        }
        return switch (fault.get().kind()) {
            case DELAY ->
                answer.flatMap(done ->
                        Mono.delay(Duration.ofMillis(fault.get().delayMillis())).thenReturn(done));
            case DELAY_WORK ->
                answer.delaySubscription(Duration.ofMillis(fault.get().delayMillis()));
            case DROP_REPLY -> answer.then(Replies.drop(response));
            case SILENT -> Replies.silence();
            case HTTP_429 -> Mono.just(failure(429, "rate_limit_error"));
            case HTTP_ERROR -> Mono.just(failure(fault.get().httpStatus(), "api_error"));
            default -> Mono.just(failure(500, "api_error"));
        };
    }

    private static ResponseEntity<String> failure(int status, String type) {
        return json(status, Json.write(new StripeError(status, type, null, null, "Told to fail.").body()));
    }

    static ResponseEntity<String> json(int status, String body) {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .header("Request-Id", "req_" + UUID.randomUUID().toString().substring(0, 14))
                .body(body);
    }

    private void authorize(ServerHttpRequest request) throws StripeError {
        String header = String.valueOf(request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION));
        String[] parts = header.split(" ", 2);
        if (parts.length != 2 || !parts[0].equalsIgnoreCase("Bearer") || !settings.accepts(parts[1].strip())) {
            throw new StripeError(401, "invalid_request_error", null, null, "Invalid API Key provided");
        }
    }
}
