package ai.callmeback.api.guards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.call.CallStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import reactor.util.retry.Retry;
import tools.jackson.databind.JsonNode;

/** I11 and its neighbours, with the guards in place. {@link GuardsRemovedTest} runs the same without them. */
class GuardsHoldTest extends GuardedApi {
    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    private RequestMappingHandlerMapping routes;

    @Autowired
    private ai.callmeback.db.call.CallStore calls;

    /** Guard of I11: every query names the owner. What is another's is answered as what does not exist. */
    @Test
    void nobodyReadsOrTouchesWhatIsAnothers() {
        Person owner = rich();
        Person stranger = rich();
        String key = UUID.randomUUID().toString();
        String call = booked(owner, key);
        JsonNode apiKey = newKey(owner, "calls:read");

        assertThat(leaks(stranger, ON_CALLS, call)).isEmpty();
        assertThat(leaks(stranger, ON_KEYS, apiKey.at("/id").asString())).isEmpty();
        UUID memory = UUID.randomUUID();
        DB.execute("insert into memories values ('" + memory + "', '" + owner.id() + "', 'brad_001', '" + call
                + "', 'k', 'Her dog is called Pepper.', now())");
        assertThat(leaks(stranger, ON_MEMORIES, memory.toString())).isEmpty();
        assertThat(get(owner.bearer(), "/api/memories").toString()).contains("Pepper");
        String purchase = bought(owner);
        assertThat(leaks(stranger, ON_PURCHASES, purchase)).isEmpty();
        assertThat(get(owner.bearer(), "/api/purchases/" + purchase).at("/id").asString())
                .isEqualTo(purchase);
        assertThat(get(stranger.bearer(), "/api/purchases").toString()).doesNotContain(purchase);
        String subscription = subscribed(owner);
        assertThat(leaks(stranger, ON_SUBSCRIPTIONS, subscription)).isEmpty();
        assertThat(get(stranger.bearer(), "/api/subscriptions").toString()).doesNotContain(subscription);

        assertThat(get(owner.bearer(), "/api/calls/" + call).at("/status").asString())
                .isEqualTo("scheduled");
        assertThat(status("Bearer " + apiKey.at("/secret").asString(), "/api/calls"))
                .isEqualTo(200);
        assertThat(get(stranger.bearer(), "/api/calls").at("/calls")).isEmpty();
        assertThat(get(stranger.bearer(), "/api/calls?cursor=" + call).at("/calls"))
                .isEmpty();
        assertThat(get(stranger.bearer(), "/api/api-keys").at("/apiKeys")).isEmpty();
        assertThat(get(stranger.bearer(), "/api/credits/lines").at("/lines")).hasSize(1);
        assertThat(booked(stranger, key))
                .as("another's idempotency key is no key of mine")
                .isNotEqualTo(call);
    }

    /** Guard: the paths of finance need its role, and a role comes with signing in, never with a key. */
    @Test
    void onlyFinanceDecidesAboutMoney() {
        Person owner = rich();
        String call = booked(owner, UUID.randomUUID().toString());
        Person finance = newPerson();
        JsonNode key = newKey(finance, "calls:read", "calls:write", "credits:read", "account:read");
        DB.execute("update users set role = 'finance' where id = '" + finance.id() + "'");

        assertThat(statuses(owner.bearer(), ON_FINANCE, call))
                .as("not even about one's own call")
                .containsOnly(403);
        assertThat(statuses("Bearer " + key.at("/secret").asString(), ON_FINANCE, call))
                .as("a key of finance")
                .containsOnly(403);
        assertThat(statuses("Bearer nothing", ON_FINANCE, call)).containsOnly(401);
        assertThat(statuses(finance.bearer(), ON_FINANCE, call)).doesNotContain(401, 403);
        DB.execute("update users set role = 'user' where id = '" + finance.id() + "'");
        assertThat(statuses(finance.bearer(), ON_FINANCE, call))
                .as("the role is asked for each time")
                .containsOnly(403);
    }

    /** Guard: the paths of operators need their role, which comes with signing in, never with a key; finance is no operator. */
    @Test
    void onlyOperatorsSetHowPersonasSoundAndThink() {
        Person operator = newPerson();
        JsonNode key = newKey(operator, "calls:read", "calls:write", "credits:read", "account:read");

        assertThat(statuses(operator.bearer(), ON_PERSONA_SETTINGS, "brad_001")).containsOnly(403);
        DB.execute("update users set role = 'finance' where id = '" + operator.id() + "'");
        assertThat(statuses(operator.bearer(), ON_PERSONA_SETTINGS, "brad_001")).containsOnly(403);
        DB.execute("update users set role = 'operator' where id = '" + operator.id() + "'");
        assertThat(statuses("Bearer " + key.at("/secret").asString(), ON_PERSONA_SETTINGS, "brad_001"))
                .as("a key of an operator")
                .containsOnly(403);
        assertThat(statuses("Bearer nothing", ON_PERSONA_SETTINGS, "brad_001")).containsOnly(401);
        assertThat(statuses(operator.bearer(), ON_PERSONA_SETTINGS, "brad_001")).containsExactly(200, 200, 400);
    }

    /** Guard: the unique key of user and Idempotency-Key, {@code calls_idempotency}. */
    @Test
    void aRepeatUnderTheSameKeyIsTheSameCall() {
        Person person = rich();
        String key = UUID.randomUUID().toString();

        assertThat(booked(person, key)).isEqualTo(booked(person, key));
    }

    /** Guard: the telephony's signature. */
    @Test
    void aForgedCallbackIsNotTaken() {
        assertThat(forged(booked(rich(), UUID.randomUUID().toString()))).isFalse();
    }

    /** Guard: the filter of headers, looked at on every kind of answer by {@code SecurityHeadersTest}. */
    @Test
    void aBrowserIsToldWhatItMayLoadAndKeep() {
        assertThat(headers("/").getFirst("Content-Security-Policy")).contains("default-src 'self'");
        assertThat(headers("/").getFirst("X-Frame-Options")).isEqualTo("DENY");
        assertThat(headers("/api/info").getFirst("Cache-Control")).isEqualTo("no-store");
    }

    /** A route that takes an id, or is of finance, and was forgotten above fails here. */
    @Test
    void everyRouteWithAnIdIsTried() {
        TreeSet<String> withId = new TreeSet<>();
        routes.getHandlerMethods()
                .keySet()
                .forEach(mapping -> mapping.getPatternsCondition()
                        .getPatterns()
                        .forEach(pattern -> mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> withId.add(method + " " + pattern.getPatternString()))));
        withId.removeIf(
                route -> !route.contains("/api/finance/") && (!route.contains("{") || !route.contains("/api/")));
        // Everybody's, and operators'.
        withId.removeIf(route -> route.contains("/api/personas/") || route.contains("/api/operator/"));

        List<String> tried = new ArrayList<>(all(ON_CALLS, Attempt::route));
        tried.addAll(all(ON_KEYS, Attempt::route));
        tried.addAll(all(ON_MEMORIES, Attempt::route));
        tried.addAll(all(ON_PURCHASES, Attempt::route));
        tried.addAll(all(ON_SUBSCRIPTIONS, Attempt::route));
        tried.addAll(all(ON_FINANCE, Attempt::route));
        assertThat(tried).containsAll(withId);
    }

    /** Guard: ids are the call's own sequence, given out under the lock of its row; a stream asks for what came after. */
    @Test
    void noEventIsLostOrDoubledAcrossReconnectsWhileEventsAreWritten() {
        Person person = rich();
        String call = booked(person, UUID.randomUUID().toString());
        int count = 150;
        CompletableFuture<?>[] writers = IntStream.range(0, 3)
                .mapToObj(writer -> CompletableFuture.runAsync(() ->
                        IntStream.range(0, count / 3).forEach(n -> append(call, writer * count + n))))
                .toArray(CompletableFuture[]::new);
        CompletableFuture<Void> written = CompletableFuture.allOf(writers)
                .thenRun(() -> calls.move(
                                CallId.parse(call),
                                CallStatus.CANCELED,
                                ai.callmeback.db.call.CallStore.Move.of("canceled"),
                                Instant.now())
                        .block(SOON));

        List<Integer> seen = new ArrayList<>();
        Random random = new Random(7);
        boolean over = false;
        int last = 0;
        while (!over) {
            List<ServerSentEvent<String>> some = stream(person.bearer(), call, last)
                    .take(1 + random.nextInt(12))
                    .collectList()
                    // The streams left before may not have been missed yet.
                    .retryWhen(Retry.fixedDelay(50, Duration.ofMillis(100))
                            .filter(WebClientResponseException.TooManyRequests.class::isInstance))
                    .block(SOON);
            for (ServerSentEvent<String> event : some) {
                over |= "end".equals(event.event());
                if (event.id() != null) {
                    last = Integer.parseInt(event.id());
                    seen.add(last);
                }
            }
        }

        written.join();
        assertThat(seen)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, count + 2).boxed().toList());
    }

    /** Guard: a stream looks for itself at every heartbeat, and listening begins anew. */
    @Test
    void aLostListeningConnectionLosesNoEvent() {
        Person person = rich();
        String call = booked(person, UUID.randomUUID().toString());
        List<Integer> seen = new CopyOnWriteArrayList<>();
        var open = stream(person.bearer(), call, 0).subscribe(event -> seen.add(Integer.parseInt(event.id())));
        try {
            await().atMost(SOON).until(() -> seen.contains(1));
            DB.query("select pg_terminate_backend(pid) from pg_stat_activity"
                    + " where datname = current_database() and query ilike 'listen call_events%'");
            append(call, 1);
            append(call, 2);
            await().atMost(SOON).until(() -> seen.size() >= 3);
            assertThat(seen).containsExactly(1, 2, 3);
        } finally {
            open.dispose();
        }
    }

    @Test
    void anIdThatIsNoneOfOursIsRefusedAndOneTooHighIsTheNewest() {
        Person person = rich();
        String call = booked(person, UUID.randomUUID().toString());
        web.get()
                .uri("/api/calls/{id}/events", call)
                .header("Authorization", person.bearer())
                .header("Last-Event-ID", "yesterday")
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("event_id_invalid")
                .jsonPath("$.field")
                .isEqualTo("Last-Event-ID");
        append(call, 1);
        List<Integer> seen = new CopyOnWriteArrayList<>();
        var open = stream(person.bearer(), call, 99).subscribe(event -> seen.add(Integer.parseInt(event.id())));
        try {
            AtomicInteger number = new AtomicInteger(2);
            await().atMost(SOON).until(() -> {
                append(call, number.getAndIncrement());
                return !seen.isEmpty();
            });
            assertThat(seen.getFirst()).isGreaterThan(2);
        } finally {
            open.dispose();
        }
    }

    /** Guard: the credential is asked for again before anything is sent. */
    @Test
    void anOpenStreamEndsWithItsCredential() {
        Person person = rich();
        String call = booked(person, UUID.randomUUID().toString());
        JsonNode key = newKey(person, "calls:read");
        assertEnds("Bearer " + key.at("/secret").asString(), call, () -> revoke(person, key));
        assertEnds(person.bearer(), call, () -> signOut(person));

        Person suspended = rich();
        String another = booked(suspended, UUID.randomUUID().toString());
        assertEnds(
                suspended.bearer(),
                another,
                () -> DB.execute("update users set status = 'suspended' where id = '" + suspended.id() + "'"));
    }

    private void assertEnds(String bearer, String call, Runnable revocation) {
        List<String> seen = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        var open = stream(bearer, call, 0)
                .doOnTerminate(() -> ended.complete(null))
                .subscribe(event -> seen.add(String.valueOf(event.id())));
        try {
            await().atMost(SOON).until(() -> seen.contains("1"));
            revocation.run();
            int before = seen.size();
            append(call, bearer.hashCode());
            ended.orTimeout(SOON.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
                    .join();
            assertThat(seen).as("nothing is told after the revocation").hasSize(before);
        } finally {
            open.dispose();
        }
    }

    /** Guards: only a hash is stored, a scope lets through what it names, a revoked key lets nothing through. */
    @Test
    void aKeyIsShownOnceStoredHashedScopedAndRevocable() {
        Person person = rich();
        JsonNode key = newKey(person, "credits:read");
        String secret = key.at("/secret").asString();
        String bearer = "Bearer " + secret;

        assertThat(get(person.bearer(), "/api/api-keys").toString()).doesNotContain(secret);
        assertThat(DB.query("select * from api_keys where user_id = '" + person.id() + "'")
                        .toString())
                .doesNotContain(secret);
        assertThat(status(bearer, "/api/credits")).isEqualTo(200);
        assertThat(status(bearer, "/api/calls")).isEqualTo(403);
        assertThat(status(bearer, "/api/me")).isEqualTo(403);
        assertThat(status(bearer, "/api/api-keys")).isEqualTo(403);
        assertThat(status(bearer, "/api/operator/ledger/audit")).isEqualTo(403);
        revoke(person, key);
        revoke(person, key);
        assertThat(status(bearer, "/api/credits")).isEqualTo(401);
        assertThat(status("Bearer cmb_" + "x".repeat(43), "/api/credits")).isEqualTo(401);
    }

    @Test
    void anExpiredKeyIsNoKey() {
        Person person = rich();
        JsonNode key = newKey(person, "credits:read");
        DB.execute("update api_keys set expires_at = now() - interval '1 second' where id = '"
                + key.at("/id").asString() + "'");
        assertThat(status("Bearer " + key.at("/secret").asString(), "/api/credits"))
                .isEqualTo(401);
    }

    @Test
    void expiredRevocationsAndOldCountsAreForgotten() {
        Person person = newPerson();
        DB.execute("insert into revoked_tokens (token_id, user_id, expires_at) values ('old', '" + person.id()
                + "', now() - interval '1 minute'), ('young', '" + person.id() + "', now() + interval '1 hour')");
        DB.execute("insert into sign_in_failures values ('\\x01', 3, now() - interval '1 day')");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(DB.query("select token_id from revoked_tokens where user_id = '" + person.id() + "'"))
                    .containsExactly(Map.of("token_id", "young"));
            assertThat(DB.query("select 1 from sign_in_failures where key_hash = '\\x01'"))
                    .isEmpty();
        });
    }
}
