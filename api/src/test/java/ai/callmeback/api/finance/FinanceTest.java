package ai.callmeback.api.finance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.ledger.CaptureRequest;
import ai.callmeback.db.ledger.GrantRequest;
import ai.callmeback.db.ledger.GrantSource;
import ai.callmeback.db.ledger.HoldRequest;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** The desk of finance by HTTP. Who may reach it is tried in {@code GuardsHoldTest}. */
class FinanceTest extends FinanceDesk {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Autowired
    private MoneyCases cases;

    @Autowired
    private Ledger ledger;

    @Test
    void aCaseIsListedAndResolvedOnce() {
        String first = openCase();
        String second = openCase();

        JsonNode page = ok(get("/api/finance/cases?limit=1"));
        assertThat(page.at("/cases/0/subject").asString()).isEqualTo(second);
        assertThat(page.at("/cases/0/state").asString()).isEqualTo("open");
        JsonNode next = ok(get(
                "/api/finance/cases?limit=1&cursor=" + page.at("/nextCursor").asString()));
        assertThat(next.at("/cases/0/subject").asString()).isEqualTo(first);
        String path = "/api/finance/cases/" + next.at("/cases/0/id").asString() + "/resolve";

        JsonNode closed = ok(post(path, Map.of("resolution", "Paid back by hand."), null));
        JsonNode again = ok(post(path, Map.of("resolution", "Paid back by hand."), null));

        assertThat(closed.at("/state").asString()).isEqualTo("closed");
        assertThat(again).isEqualTo(closed);
        refused(post(path, Map.of("resolution", "Otherwise."), null), HttpStatus.CONFLICT, "case_resolved");
        assertThat(ok(get("/api/finance/cases?limit=100")).toString()).doesNotContain(first);
        assertThat(ok(get("/api/finance/cases?state=closed&limit=100")).toString())
                .contains(first);
        assertThat(DB.query("select closed_by::text as by from money_cases where subject = '" + first + "'"))
                .containsExactly(Map.of("by", finance.id()));
    }

    @Test
    void badQuestionsAboutCasesAreAnsweredWithACode() {
        HttpStatus bad = HttpStatus.BAD_REQUEST;
        refused(get("/api/finance/cases?state=lost"), bad, "value_not_offered");
        refused(get("/api/finance/cases?limit=0"), bad, "limit_out_of_range");
        refused(get("/api/finance/cases?cursor=x"), bad, "cursor_invalid");
        refused(post("/api/finance/cases/1/resolve", Map.of("resolution", " "), null), bad, "text_too_short");
        refused(
                post("/api/finance/cases/999999999/resolve", Map.of("resolution", "x"), null),
                HttpStatus.NOT_FOUND,
                "not_found");
        refused(
                post("/api/finance/cases/x/resolve", Map.of("resolution", "x"), null),
                HttpStatus.NOT_FOUND,
                "not_found");
    }

    /** Guards: {@code charge_reviews_once}, and the review and its posting being one statement. */
    @Test
    void anAppealIsOneReversingEntryHoweverOftenItIsSent() {
        Person caller = newPerson();
        String call = charged(caller, 187);
        Map<String, Object> half = Map.of("verdict", "reversed", "seconds", 87, "note", "Cut off in the middle.");

        Flux.range(0, 8)
                .flatMap(n ->
                        Mono.fromCallable(() -> ok(review(call, "k1", half))).subscribeOn(Schedulers.boundedElastic()))
                .blockLast(SOON);

        JsonNode charge = ok(get("/api/finance/calls/" + call + "/charge"));
        assertThat(charge.at("/chargedSeconds").asInt()).isEqualTo(187);
        assertThat(charge.at("/returnedSeconds").asInt()).isEqualTo(87);
        assertThat(charge.at("/endedBy").asString()).isEqualTo("user");
        assertThat(charge.at("/reason").asString()).isEqualTo("conversation");
        assertThat(charge.at("/reviews")).hasSize(1);
        assertThat(availableSeconds(caller)).isEqualTo(600 - 187 + 87);

        refused(
                review(call, "k1", Map.of("verdict", "reversed", "seconds", 88, "note", "Cut off in the middle.")),
                HttpStatus.CONFLICT,
                "idempotency_conflict");
        refused(
                review(call, "k2", Map.of("verdict", "reversed", "seconds", 101, "note", "All.")),
                HttpStatus.CONFLICT,
                "charge_exceeded");
        ok(review(call, "k3", Map.of("verdict", "reversed", "note", "The rest too.")));
        assertThat(availableSeconds(caller)).isEqualTo(600);
        refused(
                review(call, "k4", Map.of("verdict", "reversed", "note", "And more.")),
                HttpStatus.CONFLICT,
                "charge_exceeded");
        assertThat(Objects.requireNonNull(ledger.audit().block(SOON)).violations())
                .filteredOn(violation -> violation.subject().contains(call))
                .isEmpty();
    }

    @Test
    void anAcceptedChargeMovesNothingAndMayBeAppealedLater() {
        Person caller = newPerson();
        String call = charged(caller, 60);

        JsonNode accepted = ok(review(call, "k1", Map.of("verdict", "accepted", "note", "A talk of a minute.")));

        assertThat(accepted.at("/reviews/0/verdict").asString()).isEqualTo("accepted");
        assertThat(accepted.at("/reviews/0").has("postingId")).isFalse();
        assertThat(availableSeconds(caller)).isEqualTo(540);
        JsonNode reversed = ok(review(call, "k2", Map.of("verdict", "reversed", "note", "Goodwill after all.")));
        assertThat(reversed.at("/reviews/1/returnedSeconds").asInt()).isEqualTo(60);
        assertThat(reversed.at("/reviews/1/postingId").asLong()).isPositive();
    }

    @Test
    void whatIsNotChargedCannotBeReversed() {
        Person caller = newPerson();
        Map<String, Object> reverse = Map.of("verdict", "reversed", "note", "x");
        String pending = booked(caller);
        refused(review(pending, "k1", reverse), HttpStatus.CONFLICT, "charge_not_settled");

        String free = booked(caller);
        DB.execute("update calls set charge_decision = 'NOT_CHARGED', charge_reason = 'voicemail', settled_at = now()"
                + " where id = '" + free + "'");
        refused(review(free, "k1", reverse), HttpStatus.CONFLICT, "charge_not_reversible");
        ok(review(free, "k2", Map.of("verdict", "accepted", "note", "Rightly free.")));

        refused(review(UUID.randomUUID().toString(), "k1", reverse), HttpStatus.NOT_FOUND, "not_found");
        refused(review("nonsense", "k1", reverse), HttpStatus.NOT_FOUND, "not_found");
    }

    @Test
    void badReviewsAreAnsweredWithACode() {
        String call = booked(newPerson());
        HttpStatus bad = HttpStatus.BAD_REQUEST;
        refused(review(call, null, Map.of("verdict", "accepted", "note", "x")), bad, "idempotency_key_invalid");
        refused(review(call, "k", Map.of("verdict", "maybe", "note", "x")), bad, "value_not_offered");
        refused(review(call, "k", Map.of("verdict", "accepted")), bad, "field_required");
        for (long seconds : new long[] {0, -1, 86_401, Long.MAX_VALUE}) {
            refused(
                    review(call, "k", Map.of("verdict", "reversed", "seconds", seconds, "note", "x")),
                    bad,
                    "seconds_out_of_range");
        }
        refused(
                review(call, "k", Map.of("verdict", "accepted", "seconds", 5, "note", "x")),
                bad,
                "seconds_out_of_range");
    }

    /** Guard: {@code goodwill_once_per_key}. */
    @Test
    void minutesAreGivenForACallOnceHoweverOftenItIsSent() {
        Person person = newPerson();
        String call = booked(person);
        long before = availableSeconds(person);
        String path = "/api/finance/calls/" + call + "/goodwill";
        Map<String, Object> gift = Map.of("minutes", 5, "note", "The line was bad.");

        Flux.range(0, 8)
                .flatMap(n ->
                        Mono.fromCallable(() -> ok(post(path, gift, "k1"))).subscribeOn(Schedulers.boundedElastic()))
                .blockLast(SOON);

        assertThat(availableSeconds(person)).isEqualTo(before + 300);
        assertThat(ok(post(path, gift, "k1")).at("/minutes").asInt()).isEqualTo(5);
        refused(
                post(path, Map.of("minutes", 6, "note", "The line was bad."), "k1"),
                HttpStatus.CONFLICT,
                "idempotency_conflict");
        for (int minutes : new int[] {0, -1, 601}) {
            refused(
                    post(path, Map.of("minutes", minutes, "note", "x"), "k2"),
                    HttpStatus.BAD_REQUEST,
                    "minutes_out_of_range");
        }
        refused(
                post("/api/finance/calls/" + UUID.randomUUID() + "/goodwill", gift, "k"),
                HttpStatus.NOT_FOUND,
                "not_found");
        DB.execute("update users set status = 'closed' where id = '" + person.id() + "'");
        refused(post(path, gift, "k3"), HttpStatus.CONFLICT, "account_closed");
        assertThat(ok(post(path, gift, "k1")).at("/minutes").asInt())
                .as("what was given before is repeated")
                .isEqualTo(5);
        assertThat(DB.query("select source, price_paid_micros from ledger_grants g join goodwill w using (grant_id)"
                        + " where w.call_id = '" + call + "'"))
                .containsExactly(Map.of("source", "goodwill", "price_paid_micros", 0L));
    }

    /** Guards: {@code refund_orders_once}, and the purchase's row that is locked while an order is weighed. */
    @Test
    void aRefundIsOrderedOnceAndNeverBeyondWhatWasPaid() {
        String purchase = paid(newPerson());
        String path = "/api/finance/purchases/" + purchase + "/refunds";
        Map<String, Object> part = Map.of("amountUsd", 5.00, "note", "Two calls failed.");

        Flux.range(0, 8)
                .flatMap(n ->
                        Mono.fromCallable(() -> ok(post(path, part, "k1"))).subscribeOn(Schedulers.boundedElastic()))
                .blockLast(SOON);

        JsonNode order = ok(post(path, part, "k1"));
        assertThat(order.at("/status").asString()).isEqualTo("ordered");
        assertThat(ok(get("/api/finance/refunds/" + order.at("/id").asString())))
                .isEqualTo(order);
        refused(
                post(path, Map.of("amountUsd", 5.01, "note", "Two calls failed."), "k1"),
                HttpStatus.CONFLICT,
                "idempotency_conflict");
        refused(
                post(path, Map.of("amountUsd", 10.00, "note", "x"), "k2"),
                HttpStatus.CONFLICT,
                "refund_exceeds_payment");
        JsonNode rest = ok(post(path, Map.of("note", "And the rest."), "k3"));
        assertThat(rest.at("/amountUsd").decimalValue()).isEqualByComparingTo("9.99");
        refused(post(path, Map.of("note", "Again."), "k4"), HttpStatus.CONFLICT, "refund_exceeds_payment");
        assertThat(DB.query("select 1 from refund_orders where purchase_id = '" + purchase + "'"))
                .hasSize(2);
    }

    @Test
    void twoRefundsAtOnceDoNotSpendTheSameRest() {
        String purchase = paid(newPerson());
        String path = "/api/finance/purchases/" + purchase + "/refunds";

        Flux.range(0, 8)
                .flatMap(n -> Mono.fromCallable(() -> post(path, Map.of("amountUsd", 9, "note", "x"), "k" + n)
                                .returnResult(String.class))
                        .subscribeOn(Schedulers.boundedElastic()))
                .blockLast(SOON);

        assertThat(DB.query("select amount_micros from refund_orders where purchase_id = '" + purchase + "'"))
                .containsExactly(Map.of("amount_micros", 9_000_000L));
    }

    @Test
    void whatIsNotPaidOrIsDisputedIsNotRefunded() {
        Map<String, Object> all = Map.of("note", "x");
        String unpaid = bought(newPerson());
        refused(
                post("/api/finance/purchases/" + unpaid + "/refunds", all, "k"),
                HttpStatus.CONFLICT,
                "purchase_not_paid");
        String disputed = paid(newPerson());
        DB.execute("select ledger_claw_back('dp_" + disputed + "', 'dispute', grant_id, 14990000, now()) from purchases"
                + " where id = '" + disputed + "'");
        refused(
                post("/api/finance/purchases/" + disputed + "/refunds", all, "k"),
                HttpStatus.CONFLICT,
                "payment_disputed");
        DB.execute("select ledger_claw_back_undo('dp_" + disputed + "', now())");
        ok(post("/api/finance/purchases/" + disputed + "/refunds", all, "k"));
        String none = "/api/finance/purchases/" + UUID.randomUUID() + "/refunds";
        refused(post(none, all, "k"), HttpStatus.NOT_FOUND, "not_found");
        refused(get("/api/finance/refunds/" + UUID.randomUUID()), HttpStatus.NOT_FOUND, "not_found");
        refused(post(none, all, null), HttpStatus.BAD_REQUEST, "idempotency_key_invalid");
        for (double amount : new double[] {0, -1, 1.005, 100_000.01, 1e300}) {
            refused(
                    post(none, Map.of("amountUsd", amount, "note", "x"), "k"),
                    HttpStatus.BAD_REQUEST,
                    "amount_out_of_range");
        }
    }

    private String bought(Person person) {
        return Objects.requireNonNull(web.post()
                        .uri("/api/purchases")
                        .header("Authorization", person.bearer())
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .bodyValue(Map.of("product", "pack_25"))
                        .exchange()
                        .expectStatus()
                        .isAccepted()
                        .expectBody(JsonNode.class)
                        .returnResult()
                        .getResponseBody())
                .at("/id")
                .asString();
    }

    private String paid(Person person) {
        String id = bought(person);
        DB.execute("select purchase_credit('" + id + "', 'pi_" + id + "', 14990000, now())");
        return id;
    }

    private String openCase() {
        String subject = "payment pi_" + UUID.randomUUID();
        cases.open("paid_twice", subject, "credited before", Instant.now()).block(SOON);
        return subject;
    }

    /** A call of a person with ten minutes of credits, settled at this many seconds. */
    private String charged(Person person, int seconds) {
        String call = booked(person);
        UUID hold = UUID.fromString(call);
        ledger.hold(new HoldRequest(
                        hold,
                        UserId.parse(person.id()),
                        new Credits(300),
                        "call:" + call,
                        Instant.now().plusSeconds(3_600)))
                .block(SOON);
        ledger.capture(new CaptureRequest(hold, new Credits(seconds), "conversation"))
                .block(SOON);
        DB.execute("update calls set charge_decision = 'CHARGED', charge_reason = 'conversation', billed_seconds = "
                + seconds + ", charged_seconds = " + seconds + ", ended_by = 'USER', settled_at = now() where id = '"
                + call + "'");
        return call;
    }

    private String booked(Person person) {
        ledger.grant(GrantRequest.free(
                        "test:" + person.id(), UserId.parse(person.id()), Credits.ofMinutes(10), GrantSource.GOODWILL))
                .block(SOON);
        return Objects.requireNonNull(web.post()
                        .uri("/api/calls")
                        .header("Authorization", person.bearer())
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .bodyValue(Map.of("personaId", "brad_001", "pretext", "A talk about chess."))
                        .exchange()
                        .expectStatus()
                        .isAccepted()
                        .expectBody(JsonNode.class)
                        .returnResult()
                        .getResponseBody())
                .at("/id")
                .asString();
    }

    private long availableSeconds(Person person) {
        return Objects.requireNonNull(ledger.balance(UserId.parse(person.id())).block(SOON))
                .available()
                .seconds();
    }

    private ResponseSpec review(String call, @Nullable String key, Map<String, Object> body) {
        return post("/api/finance/calls/" + call + "/charge-reviews", body, key);
    }
}
