package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.SimTime;
import io.netty.channel.ChannelOption;
import io.netty.handler.timeout.ReadTimeoutException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;

/** Webhooks over HTTP, by the delivery rule of their URL. */
final class HttpWebhooks implements Webhooks, AutoCloseable {
    /** A TwiML document may have 64 KB; nobody needs to answer a callback with more. */
    private static final int MAX_BODY_CHARACTERS = 70_000;

    private final SimTime time;
    private final Supplier<String> authToken;
    private final ConnectionProvider connections = ConnectionProvider.builder("webhooks")
            .maxConnections(500)
            .pendingAcquireMaxCount(10_000)
            .pendingAcquireTimeout(Duration.ofSeconds(15))
            .maxIdleTime(Duration.ofSeconds(2))
            .build();
    // Retries are the delivery rule's business: the client's own would make duplicates.
    private final HttpClient client = HttpClient.create(connections).disableRetry(true);

    HttpWebhooks(SimTime time, Supplier<String> authToken) {
        this.time = time;
        this.authToken = authToken;
    }

    @Override
    public void send(Request request, Consumer<Result> done) {
        attempt(request, DeliveryRule.of(request.url()), 1, done);
    }

    private void attempt(Request request, DeliveryRule rule, int attempt, Consumer<Result> done) {
        exchange(request, rule)
                .timeout(rule.total())
                .subscribe(
                        reply -> replied(request, rule, attempt, reply, done),
                        failure -> failed(request, rule, attempt, failure, done));
    }

    private void replied(Request request, DeliveryRule rule, int attempt, Result reply, Consumer<Result> done) {
        String kind = reply.status() >= 500 ? "5xx" : reply.status() >= 400 ? "4xx" : "ok";
        if (!kind.equals("ok") && rule.retries(attempt, kind)) {
            attempt(request, rule, attempt + 1, done);
            return;
        }
        Result counted = new Result(reply.status(), reply.contentType(), reply.body(), null, attempt);
        time.execute(() -> done.accept(counted));
    }

    private void failed(Request request, DeliveryRule rule, int attempt, Throwable failure, Consumer<Result> done) {
        boolean connecting = failure instanceof ConnectException || failure instanceof SSLException;
        boolean reading = failure instanceof ReadTimeoutException || failure instanceof TimeoutException;
        if (rule.retries(attempt, connecting ? "ct" : reading ? "rt" : "other")) {
            attempt(request, rule, attempt + 1, done);
            return;
        }
        Result result = Result.failed(failure.getClass().getSimpleName() + ": " + failure.getMessage(), attempt);
        time.execute(() -> done.accept(result));
    }

    private Mono<Result> exchange(Request request, DeliveryRule rule) {
        boolean post = request.method().equals("POST");
        String encoded = encode(request.form());
        String base = DeliveryRule.withoutFragment(request.url());
        String url = post || encoded.isEmpty() ? base : base + (base.contains("?") ? "&" : "?") + encoded;
        String signature = Signature.of(authToken.get(), url, post ? request.form() : Map.of());
        HttpClient prepared = client.option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(rule.connect().toMillis()))
                .responseTimeout(rule.read())
                .headers(headers -> {
                    headers.set(Signature.HEADER, signature);
                    headers.set("User-Agent", "TwilioProxy/1.1");
                    headers.set("Accept", "*/*");
                    if (post) {
                        headers.set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
                    }
                    if (request.idempotencyToken() != null) {
                        headers.set("I-Twilio-Idempotency-Token", request.idempotencyToken());
                    }
                });
        HttpClient.ResponseReceiver<?> receiver = post
                ? prepared.post().uri(URI.create(url)).send(ByteBufFlux.fromString(Mono.just(encoded)))
                : prepared.get().uri(URI.create(url));
        return receiver.responseSingle((response, body) ->
                body.asString(StandardCharsets.UTF_8).defaultIfEmpty("").map(text -> result(response, text)));
    }

    private static Result result(HttpClientResponse response, String body) {
        String contentType = response.responseHeaders().get("Content-Type", "");
        String bounded = body.length() > MAX_BODY_CHARACTERS ? body.substring(0, MAX_BODY_CHARACTERS) : body;
        return new Result(response.status().code(), contentType, bounded, null, 1);
    }

    private static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8)
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    @Override
    public void close() {
        connections.dispose();
    }
}
