package ai.callmeback.simulators.resend;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.wire.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sends a signed webhook about an e-mail, when a test says that something became of it. */
@RestController
@RequestMapping("/control/resend")
class WebhookController {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int MAX_TIMES = 10;

    /**
     * @param url where to send it
     * @param type such as {@code email.delivered} or {@code email.bounced}
     * @param extra further members of {@code data}, such as {@code bounce}
     * @param times the same message so many times (a duplicate keeps its id); absent: once
     */
    record Request(
            String url,
            String emailId,
            String type,
            @Nullable Map<String, Object> extra,
            @Nullable Integer times) {}

    record Sent(String svixId, int lastStatus) {}

    private final ResendSettings settings;
    private final Outbox outbox;
    private final Journal journal;
    private final SimTime time;
    private final WebClient client = WebClient.create();

    WebhookController(ResendSettings settings, Outbox outbox, Journal journal, SimTime time) {
        this.settings = settings;
        this.outbox = outbox;
        this.journal = journal;
        this.time = time;
    }

    @PostMapping("/webhooks")
    Mono<Sent> send(@RequestBody Request request) {
        String event = request.type.startsWith("email.") ? request.type.substring(6) : request.type;
        Email email = outbox.become(request.emailId, event)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "no e-mail " + request.emailId));
        String body = Json.write(Details.of(
                "type", request.type, "created_at", time.now().toString(), "data", data(email, request.extra)));
        String svixId = "msg_" + UUID.randomUUID().toString().replace("-", "");
        int times = request.times == null ? 1 : Math.clamp(request.times, 1, MAX_TIMES);
        return Flux.range(0, times)
                .concatMap(again -> post(request.url, svixId, body))
                .last()
                .map(status -> {
                    journal.append(
                            "resend",
                            email.id(),
                            "webhook.sent",
                            Details.of("type", request.type, "svixId", svixId, "times", times, "status", status));
                    return new Sent(svixId, status);
                });
    }

    private Mono<Integer> post(String url, String svixId, String body) {
        String timestamp = String.valueOf(time.now().getEpochSecond());
        return client.post()
                .uri(URI.create(url))
                .contentType(MediaType.APPLICATION_JSON)
                .header("svix-id", svixId)
                .header("svix-timestamp", timestamp)
                .header("svix-signature", "v1," + signature(svixId + "." + timestamp + "." + body))
                .bodyValue(body)
                .exchangeToMono(answer ->
                        answer.releaseBody().thenReturn(answer.statusCode().value()))
                .timeout(DEADLINE)
                .onErrorReturn(0);
    }

    private static Map<String, Object> data(Email email, @Nullable Map<String, Object> extra) {
        Map<String, Object> data = new LinkedHashMap<>(Details.of(
                "email_id", email.id(),
                "created_at", email.createdAt().toString(),
                "from", email.from(),
                "to", email.to(),
                "subject", email.subject(),
                "tags", email.tags()));
        if (extra != null) {
            data.putAll(extra);
        }
        return data;
    }

    private String signature(String signed) {
        try {
            byte[] key = Base64.getDecoder().decode(settings.webhookSecret().replaceFirst("^whsec_", ""));
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
        }
    }
}
