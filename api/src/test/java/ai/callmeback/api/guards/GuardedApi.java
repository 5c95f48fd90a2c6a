package ai.callmeback.api.guards;

import ai.callmeback.api.testing.ApiTest;
import ai.callmeback.db.call.CallEvents;
import ai.callmeback.db.ledger.GrantRequest;
import ai.callmeback.db.ledger.GrantSource;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** The attempts themselves: each says what got through, so that it can be run with the guards and without. */
abstract class GuardedApi extends ApiTest {
    static final Duration SOON = Duration.ofSeconds(20);
    private static final ParameterizedTypeReference<ServerSentEvent<String>> EVENT =
            new ParameterizedTypeReference<>() {};

    @Autowired
    private Ledger ledger;

    @Autowired
    CallEvents events;

    /** One thing a stranger asks for with the id of something of another's. */
    record Attempt(HttpMethod method, String path, Map<String, Object> body) {
        static Attempt get(String path) {
            return new Attempt(HttpMethod.GET, path, Map.of());
        }

        static Attempt post(String path, Map<String, Object> body) {
            return new Attempt(HttpMethod.POST, path, body);
        }

        String route() {
            return method + " " + path;
        }
    }

    /** Every route that takes the id of something that belongs to somebody. */
    static final List<Attempt> ON_CALLS = List.of(
            Attempt.get("/api/calls/{id}"),
            Attempt.get("/api/calls/{id}/events"),
            Attempt.get("/api/calls/{id}/recording"),
            new Attempt(HttpMethod.DELETE, "/api/calls/{id}/recording", Map.of()),
            Attempt.post("/api/calls/{id}/reschedule", Map.of("scheduledFor", "2020-01-01T07:00", "timeZone", "UTC")),
            Attempt.post("/api/calls/{id}/hang-up", Map.of()),
            Attempt.post("/api/calls/{id}/extend", Map.of("minutes", 1)),
            Attempt.post("/api/calls/{id}/cancel", Map.of()));

    static final List<Attempt> ON_KEYS = List.of(new Attempt(HttpMethod.DELETE, "/api/api-keys/{id}", Map.of()));

    static final List<Attempt> ON_MEMORIES = List.of(new Attempt(HttpMethod.DELETE, "/api/memories/{id}", Map.of()));

    static final List<Attempt> ON_PURCHASES = List.of(Attempt.get("/api/purchases/{id}"));

    static final List<Attempt> ON_SUBSCRIPTIONS = List.of(
            Attempt.get("/api/subscriptions/{id}"),
            Attempt.post("/api/subscriptions/{id}/plan", Map.of("plan", "plan_pro")),
            Attempt.post("/api/subscriptions/{id}/cancel", Map.of()),
            Attempt.post("/api/subscriptions/{id}/resume", Map.of()));

    /** Every route of finance; whose the things are does not matter there, only who asks. */
    static final List<Attempt> ON_FINANCE = List.of(
            Attempt.get("/api/finance/cases"),
            Attempt.post("/api/finance/cases/{id}/resolve", Map.of("resolution", "Mine.")),
            Attempt.post("/api/finance/purchases/{id}/refunds", Map.of("note", "I want it back.")),
            Attempt.get("/api/finance/refunds/{id}"),
            Attempt.get("/api/finance/reconciliations"),
            Attempt.get("/api/finance/reconciliations/{id}"),
            Attempt.post("/api/finance/reconciliations/{id}/resume", Map.of()),
            Attempt.post(
                    "/api/finance/reconciliations",
                    Map.of("from", "2026-11-20T00:00:00Z", "until", "2026-11-21T00:00:00Z")),
            Attempt.get("/api/finance/figures"),
            Attempt.get("/api/finance/figures/csv"),
            Attempt.get("/api/finance/figures/{name}/entries"),
            Attempt.get("/api/finance/outlook"),
            Attempt.get("/api/finance/outlook/csv"),
            Attempt.get("/api/finance/top/{by}"),
            Attempt.get("/api/finance/prices"),
            Attempt.post("/api/finance/prices", Map.of("vendor", "twilio", "operation", "voice")),
            Attempt.get("/api/finance/price-changes"),
            Attempt.post("/api/finance/price-changes/{id}/decide", Map.of("verdict", "accepted")),
            Attempt.post("/api/finance/price-refreshes", Map.of()),
            Attempt.get("/api/finance/price-refreshes"),
            Attempt.get("/api/finance/price-refreshes/{id}"),
            Attempt.post("/api/finance/bills", Map.of("payee", "Me")),
            Attempt.get("/api/finance/bills"),
            Attempt.post("/api/finance/closings", Map.of()),
            Attempt.get("/api/finance/closings"),
            Attempt.get("/api/finance/calls/{id}/charge"),
            Attempt.post("/api/finance/calls/{id}/goodwill", Map.of("minutes", 600, "note", "For me.")),
            Attempt.post(
                    "/api/finance/calls/{id}/charge-reviews",
                    Map.of("verdict", "reversed", "note", "I want it back.")));

    /** What operators see and set of personas. */
    static final List<Attempt> ON_PERSONA_SETTINGS = List.of(
            Attempt.get("/api/operator/personas"),
            Attempt.get("/api/operator/personas/{id}"),
            new Attempt(HttpMethod.PUT, "/api/operator/personas/{id}", Map.of("version", 1)));

    /** The routes at which a stranger could tell that the thing exists. */
    List<String> leaks(Person stranger, List<Attempt> attempts, String id) {
        List<String> leaks = new ArrayList<>();
        for (Attempt attempt : attempts) {
            String foreign = answer(stranger, attempt, id);
            String none = answer(stranger, attempt, UUID.randomUUID().toString());
            if (!foreign.equals(none)) {
                leaks.add(attempt.route());
            }
        }
        return leaks;
    }

    /** Status and body, without what differs between any two answers. A stream that opens is not read. */
    private String answer(Person person, Attempt attempt, String id) {
        var request = web.method(attempt.method()).uri(attempt.path(), id).header("Authorization", person.bearer());
        ResponseSpec response = HttpMethod.POST.equals(attempt.method())
                ? request.bodyValue(attempt.body()).exchange()
                : request.exchange();
        var result = response.returnResult(String.class);
        if (result.getStatus().is2xxSuccessful()) {
            return "open";
        }
        String body = String.valueOf(result.getResponseBody().blockFirst(SOON));
        return result.getStatus() + " " + body.replaceAll("\"(requestId|instance)\":\"[^\"]*\"", "");
    }

    /** The status of each attempt, by who asks. */
    List<Integer> statuses(String bearer, List<Attempt> attempts, String id) {
        return all(attempts, attempt -> {
            var request = web.method(attempt.method())
                    .uri(attempt.path(), id)
                    .header("Authorization", bearer)
                    .header("Idempotency-Key", "a-key");
            ResponseSpec response = !attempt.body().isEmpty() || HttpMethod.POST.equals(attempt.method())
                    ? request.bodyValue(attempt.body()).exchange()
                    : request.exchange();
            return response.returnResult(String.class).getStatus().value();
        });
    }

    String bought(Person person) {
        return wished(person, "/api/purchases", Map.of("product", "pack_25"));
    }

    String subscribed(Person person) {
        return wished(person, "/api/subscriptions", Map.of("plan", "plan_casual"));
    }

    private String wished(Person person, String path, Map<String, Object> wish) {
        return Objects.requireNonNull(web.post()
                        .uri(path)
                        .header("Authorization", person.bearer())
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .bodyValue(wish)
                        .exchange()
                        .expectStatus()
                        .is2xxSuccessful()
                        .expectBody(JsonNode.class)
                        .returnResult()
                        .getResponseBody())
                .at("/id")
                .asString();
    }

    /** A callback that nobody signed, for this call; whether it was taken. */
    boolean forged(String call) {
        web.post()
                .uri("/webhooks/twilio/status/{call}/1", call)
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .bodyValue("CallSid=CA00000000000000000000000000000666&CallStatus=completed&SequenceNumber=9")
                .exchange();
        return !DB.query("select 1 from webhook_inbox where call_id = '" + call + "'")
                .isEmpty();
    }

    HttpHeaders headers(String uri) {
        return web.get().uri(uri).exchange().returnResult(String.class).getResponseHeaders();
    }

    JsonNode get(String bearer, String uri) {
        return Objects.requireNonNull(web.get()
                .uri(uri)
                .header("Authorization", bearer)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    }

    int status(String bearer, String uri) {
        return web.get()
                .uri(uri)
                .header("Authorization", bearer)
                .exchange()
                .returnResult(String.class)
                .getStatus()
                .value();
    }

    Person rich() {
        Person person = newPerson();
        ledger.grant(GrantRequest.free(
                        "test:" + person.id(), UserId.parse(person.id()), Credits.ofMinutes(60), GrantSource.TRIAL))
                .block();
        return person;
    }

    /** A call some days from now; its id. */
    String booked(Person person, String idempotencyKey) {
        JsonNode call = Objects.requireNonNull(web.post()
                .uri("/api/calls")
                .header("Authorization", person.bearer())
                .header("Idempotency-Key", idempotencyKey)
                .bodyValue(Map.of(
                        "personaId",
                        "brad_001",
                        "pretext",
                        "A secret of mine.",
                        "timeZone",
                        "UTC",
                        "scheduledFor",
                        LocalDate.now(ZoneOffset.UTC).plusDays(3).atTime(7, 0).toString()))
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
        return call.at("/id").asString();
    }

    JsonNode newKey(Person person, String... scopes) {
        return Objects.requireNonNull(web.post()
                .uri("/api/api-keys")
                .header("Authorization", person.bearer())
                .bodyValue(Map.of("name", "a script", "scopes", scopes))
                .exchange()
                .expectStatus()
                .isCreated()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    }

    void revoke(Person person, JsonNode key) {
        web.delete()
                .uri("/api/api-keys/{id}", key.at("/id").asString())
                .header("Authorization", person.bearer())
                .exchange()
                .expectStatus()
                .isNoContent();
    }

    void signOut(Person person) {
        web.post()
                .uri("/api/auth/logout")
                .header("Authorization", person.bearer())
                .exchange()
                .expectStatus()
                .isNoContent();
    }

    /** The stream of a call's events after {@code last}, without comments. */
    Flux<ServerSentEvent<String>> stream(String bearer, String call, int last) {
        return WebClient.create(baseUrl())
                .get()
                .uri("/api/calls/{id}/events", call)
                .header("Authorization", bearer)
                .header("Last-Event-ID", Integer.toString(last))
                .retrieve()
                .bodyToFlux(EVENT)
                .filter(event -> event.event() != null);
    }

    void append(String call, int number) {
        events.append(CallId.parse(call), "notice", Map.of("notice", "n" + number), "test-" + number, Instant.now())
                .block(SOON);
    }

    static <T, R> List<R> all(List<T> list, Function<T, R> each) {
        return list.stream().map(each).toList();
    }
}
