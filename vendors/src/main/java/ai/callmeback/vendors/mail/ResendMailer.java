package ai.callmeback.vendors.mail;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.settings.Urls;
import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.wire.ErrorBodies;
import ai.callmeback.vendors.wire.Faults;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufMono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Resend by its HTTP interface. The vendor's own SDK has a fixed address and cannot be pointed at a stand-in. */
public final class ResendMailer implements Mailer {

    static final String VENDOR = "resend";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final VendorPolicy POLICY = VendorPolicy.RESEND_SEND;

    private final VendorSettings.Resend settings;
    private final HttpClient http;
    private final String address;

    public ResendMailer(VendorSettings.Resend settings) {
        this.settings = settings;
        this.address = Urls.append(settings.url(), "/emails").toString();
        this.http = HttpClient.create()
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(POLICY.connect().toMillis()))
                .responseTimeout(POLICY.deadline());
    }

    @Override
    public Mono<MailOutcome> send(Email email, String idempotencyKey) {
        if (idempotencyKey.isEmpty() || idempotencyKey.length() > 256) {
            return Mono.just(new MailOutcome.Refused(VendorFault.of(
                    VENDOR,
                    Kind.BAD_REQUEST,
                    "the idempotency key has " + idempotencyKey.length() + " characters, must be 1 to 256")));
        }
        byte[] body = body(email);
        return attempt(body, idempotencyKey, 1);
    }

    private byte[] body(Email email) {
        return JSON.writeValueAsBytes(Map.of(
                "from", settings.fromEmail(),
                "to", List.of(email.to()),
                "subject", email.subject(),
                "text", email.text(),
                "html", email.html()));
    }

    private Mono<MailOutcome> attempt(byte[] body, String idempotencyKey, int number) {
        return post(body, idempotencyKey).flatMap(outcome -> {
            if (!(outcome instanceof MailOutcome.Deferred(VendorFault fault))
                    || !mayPass(fault)
                    || number >= POLICY.attempts()) {
                return Mono.just(outcome);
            }
            Duration asked = fault.retryAfter();
            Duration wait = asked == null ? POLICY.backoff().multipliedBy(1L << (number - 1)) : asked;
            return wait.compareTo(POLICY.deadline()) > 0
                    ? Mono.just(outcome)
                    : Mono.delay(wait).then(Mono.defer(() -> attempt(body, idempotencyKey, number + 1)));
        });
    }

    private Mono<MailOutcome> post(byte[] body, String idempotencyKey) {
        return http.headers(headers -> headers.set(
                                "Authorization", "Bearer " + settings.apiKey().reveal())
                        .set("Content-Type", "application/json")
                        .set("User-Agent", "callmeback")
                        .set("Idempotency-Key", idempotencyKey))
                .post()
                .uri(address)
                .send(ByteBufMono.fromString(Mono.just(new String(body, StandardCharsets.UTF_8))))
                .responseSingle((response, content) ->
                        content.asString().defaultIfEmpty("").map(text -> outcome(response, text)))
                .timeout(POLICY.deadline())
                .onErrorResume(error -> Mono.just(
                        new MailOutcome.Deferred(VendorFault.of(VENDOR, kind(error), Faults.describe(error)))));
    }

    private static MailOutcome outcome(HttpClientResponse response, String text) {
        int status = response.status().code();
        if (status == 200 || status == 201) {
            return accepted(text);
        }
        VendorFault fault = ErrorBodies.fault(VENDOR, status, response.responseHeaders(), text);
        return fault.retryable() || fault.kind() == Kind.QUOTA || inFlight(fault)
                ? new MailOutcome.Deferred(fault)
                : new MailOutcome.Refused(fault);
    }

    /** Accepted without a readable id: it may have been sent, and sending again under the key is safe. */
    private static MailOutcome accepted(String text) {
        try {
            JsonNode id = JSON.readTree(text).get("id");
            if (id != null && id.isString()) {
                return new MailOutcome.Accepted(id.asString());
            }
        } catch (JacksonException unreadable) {
            return new MailOutcome.Deferred(VendorFault.of(VENDOR, Kind.PROTOCOL, "the answer is not JSON"));
        }
        return new MailOutcome.Deferred(VendorFault.of(VENDOR, Kind.PROTOCOL, "the answer has no id"));
    }

    /** A used-up quota comes back tomorrow, not in this send. */
    private static boolean mayPass(VendorFault fault) {
        return fault.kind() != Kind.QUOTA;
    }

    /** The same key is being worked on: its outcome will be ours. */
    private static boolean inFlight(VendorFault fault) {
        return fault.code().equals("concurrent_idempotent_requests");
    }

    private static Kind kind(Throwable error) {
        return switch (error) {
            case ConnectTimeoutException timeout -> Kind.CONNECT_TIMEOUT;
            case ConnectException refused -> Kind.CONNECT_FAILED;
            case ReadTimeoutException timeout -> Kind.TIMEOUT;
            case TimeoutException timeout -> Kind.TIMEOUT;
            default -> Kind.DROPPED;
        };
    }
}
