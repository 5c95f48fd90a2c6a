package ai.callmeback.db.price;

import static ai.callmeback.db.price.PriceReading.CHANGED;
import static ai.callmeback.db.price.PriceReading.CONFIRMED;
import static ai.callmeback.db.price.PriceReading.HELD;
import static ai.callmeback.db.price.PriceReading.NEW;
import static ai.callmeback.db.price.PriceReading.PAGE_CHANGED;
import static ai.callmeback.db.price.PriceReading.REFUSED;
import static ai.callmeback.db.price.PriceReading.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.cost.PriceBook;
import ai.callmeback.db.notice.FinanceNotice;
import ai.callmeback.db.notice.FinanceNotices;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.UnitPrice;
import ai.callmeback.domain.UserId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Prices read again and again, on a real PostgreSQL. Each test has a vendor of its own. */
class PricesTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Instant DAY = Instant.parse("2026-11-20T04:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Prices prices = new Prices(DB.client());
    private final FinanceNotices notices = new FinanceNotices(DB.client());
    private final String vendor = "vendor-" + UUID.randomUUID();
    private UserId finance = new UserId(UUID.randomUUID());

    @BeforeEach
    void somebodyOfFinance() {
        DB.execute("update users set role = 'user'");
        DB.execute("delete from finance_notices");
        finance = person("finance");
        person("operator");
        person("user");
    }

    @Test
    void aSmallChangeIsTakenOverAndTheOldPriceStaysForItsTime() {
        assertThat(read("0.10", 0)).isEqualTo(NEW);
        assertThat(read("0.10", 1)).isEqualTo(UNCHANGED);
        assertThat(read("0.1199", 2)).isEqualTo(CHANGED);

        assertThat(inForce(1)).isEqualTo("0.1");
        assertThat(inForce(2)).isEqualTo("0.1199");
        assertThat(get(prices.book(true, DAY)
                        .filter(one -> one.vendor().equals(vendor))
                        .collectList()))
                .extracting(BookedPrice::source, BookedPrice::validUntil)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("api", at(2)),
                        org.assertj.core.groups.Tuple.tuple("api", null));
        assertThat(told()).isEmpty();
    }

    @Test
    void aFifthKeepsTheOldPriceAndAsksFinanceOnce() {
        read("0.10", 0);

        assertThat(read("0.12", 1)).isEqualTo(HELD);
        assertThat(read("0.12", 2)).as("the next day").isEqualTo(HELD);

        assertThat(inForce(2)).isEqualTo("0.1");
        PriceChange change = pending();
        assertThat(change.oldPrice()).isEqualTo(UnitPrice.of("0.1"));
        assertThat(openCases()).containsExactly("price change " + change.id());
        assertThat(told()).singleElement().satisfies(notice -> {
            assertThat(notice.userId()).isEqualTo(finance);
            assertThat(notice.body()).contains("$0.1 in the price book, $0.12 as the vendor states it now");
        });
        assertThat(told()).as("leased, and not due again yet").isEmpty();

        assertThat(decide(change, true)).isEqualTo(PriceChange.Decided.ACCEPTED);
        assertThat(decide(change, true)).isEqualTo(PriceChange.Decided.REPEATED);
        assertThat(decide(change, false)).isEqualTo(PriceChange.Decided.CONFLICT);
        assertThat(inForce(2)).as("before the decision").isEqualTo("0.1");
        assertThat(inForce(3)).isEqualTo("0.12");
        assertThat(openCases()).isEmpty();
        assertThat(read("0.12", 4)).isEqualTo(UNCHANGED);
    }

    @Test
    void whatWasRefusedIsNotAskedAboutAgain() {
        read("0.10", 0);
        read("0.05", 1);
        assertThat(decide(pending(), false)).isEqualTo(PriceChange.Decided.REFUSED);

        assertThat(read("0.05", 4)).isEqualTo(REFUSED);
        assertThat(inForce(5)).isEqualTo("0.1");
        assertThat(read("0.04", 5)).as("another price").isEqualTo(HELD);
        assertThat(read("0.05", 6))
                .as("it was looked at against the price of then, and another came between")
                .isEqualTo(HELD);
    }

    @Test
    void aHeldChangeIsWithdrawnWhenTheVendorThinksBetterOfIt() {
        read("0.10", 0);
        read("0.20", 1);
        PriceChange change = pending();

        assertThat(read("0.11", 2)).isEqualTo(CHANGED);

        assertThat(openCases()).isEmpty();
        assertThat(get(prices.change(change.id())).state()).isEqualTo(PriceChange.State.WITHDRAWN);
        assertThat(decide(change, true)).isEqualTo(PriceChange.Decided.CONFLICT);
        assertThat(inForce(3)).isEqualTo("0.11");
    }

    @Test
    void nothingIsFreeBecauseAnApiSaysSo() {
        assertThat(read("0", 0)).as("no price before").isEqualTo(HELD);
        assertThat(get(prices.book(false, at(1))
                        .filter(one -> one.vendor().equals(vendor))
                        .collectList()))
                .isEmpty();
    }

    @Test
    void anInferredPriceIsConfirmed() {
        DB.execute(
                "insert into price_book (vendor, operation, model, unit, unit_price, valid_from, source, note) values ('"
                        + vendor + "', 'x', '', 'minute', 0.1, '2024-01-01', 'inferred', 'guessed')");

        assertThat(read("0.10", 0)).isEqualTo(CONFIRMED);
        assertThat(read("0.10", 1)).isEqualTo(UNCHANGED);
    }

    @Test
    void aPriceThatFinanceEntersCountsFromThenOn() {
        read("0.10", 0);
        read("0.20", 1);
        var price = UnitPrice.of("0.21");

        assertThat(get(prices.enter(vendor, "x", "", "minute", price, "by phone", finance, at(2))))
                .isTrue();
        assertThat(get(prices.enter(vendor, "x", "", "minute", price, "by phone", finance, at(3))))
                .isFalse();

        assertThat(inForce(1)).isEqualTo("0.1");
        assertThat(inForce(2)).isEqualTo("0.21");
        assertThat(openCases()).isEmpty();
    }

    @Test
    void readersAtTheSameTimeHoldOnce() {
        read("0.10", 0);

        Flux.range(0, 8)
                .flatMap(n -> prices.read(vendor, "x", "", "minute", new BigDecimal("0.5"), "read", at(1)))
                .blockLast(SOON);

        assertThat(DB.query("select 1 as one from price_changes where vendor = '" + vendor + "'"))
                .hasSize(1);
    }

    @Test
    void aPageWithOtherAmountsIsACaseAndAnEMail() {
        assertThat(page("a", 0)).isEqualTo(UNCHANGED);
        assertThat(page("a", 1)).isEqualTo(UNCHANGED);
        assertThat(page("b", 2)).isEqualTo(PAGE_CHANGED);
        assertThat(page("b", 3)).isEqualTo(UNCHANGED);

        assertThat(DB.query("select 1 as one from money_cases where kind = 'price_page_changed' and subject like '"
                        + vendor + "%'"))
                .hasSize(1);
        assertThat(told()).hasSize(1);
    }

    @Test
    void operatorsAreToldWhereNobodyIsOfFinance() {
        DB.execute("update users set role = 'user' where role = 'finance'");

        get(notices.tell("key", "Subject", "Body", DAY).thenReturn(true));
        get(notices.tell("key", "Subject", "Body", DAY).thenReturn(true));

        FinanceNotice notice = told().getFirst();
        assertThat(notice.userId()).isNotEqualTo(finance);
        get(notices.done(notice, "sent").thenReturn(true));
        assertThat(get(notices.lease(10, Duration.ofMinutes(2), DAY.plusSeconds(86_400 * 30))
                        .collectList()))
                .isEmpty();
    }

    private UserId person(String role) {
        UUID id = UUID.randomUUID();
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym, role) values ('" + id
                + "', '" + id + "@example.test', 'x', 'Kim', 'US', 'u-" + id + "', '" + role + "')");
        return new UserId(id);
    }

    private PriceReading read(String usd, int day) {
        return get(prices.read(vendor, "x", "", "minute", new BigDecimal(usd), "read", at(day)));
    }

    private PriceReading page(String fingerprint, int day) {
        return get(prices.page(vendor, "https://example.test/pricing", fingerprint, at(day)));
    }

    private PriceChange.Decided decide(PriceChange change, boolean accepted) {
        return get(prices.decide(change.id(), finance, accepted, "asked them", at(3)));
    }

    private PriceChange pending() {
        return get(prices.changes(100)
                .filter(change -> change.vendor().equals(vendor) && change.state() == PriceChange.State.PENDING)
                .single());
    }

    private String inForce(int day) {
        return get(PriceBook.on(DB.client()).at(vendor, "x", "", at(day)))
                .unitPrice()
                .usd()
                .toPlainString();
    }

    private List<FinanceNotice> told() {
        return get(notices.lease(10, Duration.ofMinutes(2), at(3)).collectList());
    }

    private List<String> openCases() {
        return DB
                .query("select c.subject from money_cases c join price_changes p on c.subject = 'price change ' || p.id"
                        + " where p.vendor = '" + vendor + "' and c.state = 'open'")
                .stream()
                .map(row -> String.valueOf(row.get("subject")))
                .toList();
    }

    private static Instant at(int day) {
        return DAY.plus(Duration.ofDays(day));
    }

    private static <T> T get(Mono<T> answer) {
        return Objects.requireNonNull(answer.block(SOON));
    }
}
