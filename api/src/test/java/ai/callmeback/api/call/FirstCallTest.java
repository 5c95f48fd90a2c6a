package ai.callmeback.api.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import ai.callmeback.db.ledger.CaptureRequest;
import ai.callmeback.db.ledger.HoldRequest;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** A person's first call costs nothing, and nobody has two of them. */
class FirstCallTest extends ApiTest {
    private static final AtomicInteger NUMBER = new AtomicInteger(1_000);
    private static final Duration SOON = Duration.ofSeconds(10);

    @Autowired
    Ledger ledger;

    @Test
    void theFirstCallIsFreeAndNeverCharged() {
        Person person = newPerson();
        assertThat(credits(person).at("/firstCallFreeSeconds").asInt()).isEqualTo(300);

        JsonNode call = ok(book(person, number(), 5));

        assertThat(call.at("/free").asBoolean()).isTrue();
        assertThat(credits(person).at("/grants/0/source").asString()).isEqualTo("trial");
        assertThat(credits(person).at("/firstCallFreeSeconds").asInt()).isZero();
        settle(person, UUID.fromString(call.at("/id").asString()));
        assertThat(ok(get(person, "/api/calls/" + call.at("/id").asString()))
                        .at("/free")
                        .asBoolean())
                .as("as it was paid")
                .isTrue();
        assertThat(DB.query("select sum(e.amount)::bigint as earned from ledger_entries e join ledger_postings p"
                        + " on p.id = e.posting_id where p.user_id = '" + person.id()
                        + "' and e.account in ('revenue', 'cash')"))
                .containsExactly(nothingEarned());
        assertThat(Objects.requireNonNull(ledger.audit().block(SOON)).violations())
                .isEmpty();
    }

    /** Guards: {@code first_calls_once_per_account} and the account's row that is locked. */
    @Test
    void anAccountHasOne() {
        Person person = newPerson();

        Flux.range(0, 6)
                .flatMap(n -> Mono.fromCallable(() -> book(person, number(), 3).returnResult(String.class))
                        .subscribeOn(Schedulers.boundedElastic()))
                .blockLast(SOON);

        assertThat(credits(person).at("/grants")).hasSize(1);
        assertThat(credits(person).at("/availableSeconds").asInt()).isEqualTo(300);
        settle(person, UUID.randomUUID());
        refused(book(person, number(), 5));
    }

    /** Guard: {@code first_calls_once_per_number}. */
    @Test
    void aNumberHasOneWhoeverAsks() {
        String number = number();
        ok(book(newPerson(), number, 5));
        Person other = newPerson();

        refused(book(other, number, 5));

        assertThat(credits(other).at("/grants")).isEmpty();
        ok(book(other, number(), 5));
        assertThat(DB.query("select 1 from first_calls where encode(number_hash, 'escape') like '%' || '" + number
                        + "' || '%'"))
                .as("the number itself is not kept")
                .isEmpty();
    }

    @Test
    void aLongCallIsNotFreeNorIsTheFirstOfSomebodyWhoHadCredits() {
        Person person = newPerson();
        refused(book(person, number(), 10));
        DB.execute("select ledger_grant('g:" + person.id() + "', '" + person.id()
                + "', 60, 'goodwill', 0, 100, null, now())");

        refused(book(person, number(), 5));

        assertThat(credits(person).at("/firstCallFreeSeconds").asInt()).isZero();
    }

    private void settle(Person person, UUID hold) {
        ledger.hold(new HoldRequest(
                        hold,
                        UserId.parse(person.id()),
                        new Credits(300),
                        "call:" + hold,
                        Instant.now().plusSeconds(3_600)))
                .block(SOON);
        ledger.capture(new CaptureRequest(hold, new Credits(187), "by_the_second"))
                .block(SOON);
    }

    private static Map<String, Object> nothingEarned() {
        Map<String, Object> row = new HashMap<>();
        row.put("earned", null);
        return row;
    }

    private static String number() {
        return "+1415555" + NUMBER.incrementAndGet();
    }

    private JsonNode credits(Person person) {
        return ok(get(person, "/api/credits"));
    }

    private ResponseSpec get(Person person, String path) {
        return web.get().uri(path).header("Authorization", person.bearer()).exchange();
    }

    private ResponseSpec book(Person person, String number, int minutes) {
        return web.post()
                .uri("/api/calls")
                .header("Authorization", person.bearer())
                .bodyValue(Map.of("personaId", "brad_001", "phoneNumber", number, "durationMinutes", minutes))
                .exchange();
    }

    private static void refused(ResponseSpec response) {
        response.expectStatus().isEqualTo(402).expectBody().jsonPath("$.code").isEqualTo("insufficient_credit");
    }

    private static JsonNode ok(ResponseSpec response) {
        return Objects.requireNonNull(response.expectStatus()
                .is2xxSuccessful()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    }
}
