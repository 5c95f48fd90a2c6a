package ai.callmeback.db.topup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.ledger.ClawBackKind;
import ai.callmeback.db.ledger.ClawBackRequest;
import ai.callmeback.db.ledger.GrantRequest;
import ai.callmeback.db.ledger.GrantSource;
import ai.callmeback.db.ledger.HoldRequest;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.ledger.LedgerCorrections;
import ai.callmeback.db.purchase.Purchase;
import ai.callmeback.db.purchase.Purchases;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.purchase.PurchaseStatus;
import ai.callmeback.domain.topup.AutoTopUpStatus;
import ai.callmeback.domain.topup.CardSetupId;
import ai.callmeback.domain.topup.CardSetupStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Auto top-up on a real PostgreSQL: when a pack is begun, and that the month's cap holds whoever comes at once. */
class AutoTopUpsTest {
    private static final Instant NOW = Instant.parse("2026-11-30T23:00:00Z");
    private static final Instant DECEMBER = Instant.parse("2026-12-01T00:00:00Z");
    private static final long PACK = 14_990_000;
    private static final int AT_ONCE = 12;

    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private Ledger ledger;
    private Purchases purchases;
    private AutoTopUps topUps;
    private CardSetups setups;
    private AutoTopUpNotices notices;
    private UserId user;
    private Instant now = NOW;

    @BeforeEach
    void person() {
        ledger = Ledger.on(DB.client(), () -> now);
        purchases = new Purchases(DB.client());
        topUps = new AutoTopUps(DB.client());
        setups = new CardSetups(DB.client());
        notices = new AutoTopUpNotices(DB.client());
        user = new UserId(UUID.randomUUID());
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym) values ('" + user
                + "', '" + user + "@example.test', 'x', 'Kim', 'US', 'u-" + user + "')");
    }

    @Test
    void aHoldBringsTheLookForwardAndAPackIsBegunOncePerCrossing() {
        UUID id = on(300, PACK * 3);
        grant(600);
        assertThat(look(id)).isEqualTo(LookOutcome.ENOUGH);
        DB.execute("update auto_topups set start_due_at = '2027-01-01' where id = '" + id + "'");
        assertThat(due()).doesNotContain(id);

        hold(301);

        assertThat(due()).containsExactly(id);
        assertThat(due()).as("again after a pause").doesNotContain(id);
        assertThat(look(id)).isEqualTo(LookOutcome.BEGUN);
        assertThat(look(id)).isEqualTo(LookOutcome.UNDER_WAY);
        PurchaseId bought = latest();
        assertThat(get(purchases.find(bought)).isTopUp()).isTrue();
        assertThat(get(purchases.due(50, Duration.ofMinutes(1), now).collectList()))
                .contains(bought);
        paid(bought);
        assertThat(look(id)).isEqualTo(LookOutcome.ENOUGH);
        hold(1_600);
        assertThat(look(id)).as("the next crossing").isEqualTo(LookOutcome.BEGUN);
        assertThat(latest()).isNotEqualTo(bought);
        assertThat(get(ledger.audit()).violations()).isEmpty();
    }

    /** Guards: the lock in auto_topup_look, and below it the unique index purchases_one_topup_at_a_time. */
    @Test
    void ofManyLooksAtOnceOneBegins() throws Exception {
        UUID id = on(300, PACK * 9);

        assertThat(looks(id))
                .containsOnlyOnce(LookOutcome.BEGUN)
                .containsOnly(LookOutcome.BEGUN, LookOutcome.UNDER_WAY);
        assertThat(bought()).isEqualTo(1);
        fail(latest(), "not_needed");
        assertThat(DB.during(
                        "select auto_topup_look('" + id + "', gen_random_uuid(), '" + now + "')",
                        topUps.look(id, newPurchase(), now)))
                .as("it waits for the other's look")
                .isEqualTo(LookOutcome.UNDER_WAY);
        assertThat(DB.query("select crossings from auto_topups where id = '" + id + "'")
                        .getFirst())
                .containsEntry("crossings", 2);
        refused(
                "insert into purchases (id, user_id, product_code, quantity, amount_micros, seconds, status,"
                        + " idempotency_key, request, created_at, updated_at, topup_id, topup_month) select"
                        + " gen_random_uuid(), user_id, product_code, quantity, amount_micros, seconds, 'NEW', 'other',"
                        + " request, created_at, updated_at, topup_id, topup_month from purchases where topup_id = '"
                        + id
                        + "' limit 1",
                "purchases_one_topup_at_a_time");
    }

    /**
     * Random months of somebody who talks a lot, with many looks and last questions at once: what counts never passes the cap,
     * and what was paid for in a month never does.
     */
    @RepeatedTest(8)
    void theCapIsNeverPassed(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        long cap = PACK * (1 + random.nextInt(3)) + 10_000L * random.nextInt(1_000);
        UUID id = on(1_500, cap);
        for (int step = 0; step < 40; step++) {
            switch (random.nextInt(5)) {
                case 0 -> now = now.plus(Duration.ofHours(random.nextInt(300)));
                case 1 -> drain();
                case 2, 3 -> looks(id);
                default -> finish(random);
            }
            assertThat(DB.query("select topup_month, sum(amount_micros) as sum from purchases where topup_id = '" + id
                            + "' and status not in ('FAILED', 'EXPIRED') group by 1 having sum(amount_micros) > "
                            + cap))
                    .as("months beyond the cap of %d after step %d", cap, step)
                    .isEmpty();
        }
        assertThat(bought()).isPositive();
        assertThat(get(ledger.audit()).violations()).isEmpty();
    }

    private void finish(Random random) {
        AutoTopUp.Bought last = get(topUps.find(user, now)).last();
        if (last == null || !List.of("NEW", "OPEN").contains(last.status())) {
            return;
        }
        PurchaseId id = new PurchaseId(last.purchaseId());
        topUps.prepared(id, "pi_" + id, now).block();
        List<String> answers =
                get(Flux.range(0, 4).flatMap(i -> topUps.mayCharge(id, now), 4).collectList());
        if (answers.contains("go")) {
            if (random.nextInt(4) == 0) {
                fail(id, "not_needed");
            } else {
                paid(id);
            }
        }
    }

    @Test
    void aPackThatWouldPassTheCapIsRefusedAndToldOnceAMonth() {
        UUID id = on(300, PACK);
        assertThat(look(id)).isEqualTo(LookOutcome.BEGUN);
        paid(latest());
        drain();

        assertThat(look(id)).isEqualTo(LookOutcome.CAP_REACHED);
        assertThat(look(id)).isEqualTo(LookOutcome.CAP_REACHED);

        assertThat(told()).containsExactly("auto-top-up-cap/" + id + "/2026-11");
        assertThat(get(topUps.find(user, now)).capReachedAt()).isBetween(NOW, now);
        assertThat(get(topUps.find(user, now)).status()).isEqualTo(AutoTopUpStatus.ON);
        now = DECEMBER;
        assertThat(get(topUps.find(user, now)).countedInMonth()).isEqualTo(new UsdMicros(0));
        assertThat(look(id)).as("a new month").isEqualTo(LookOutcome.BEGUN);
        assertThat(get(topUps.find(user, now)).capReachedAt()).isNull();
    }

    /** A payment that was begun before midnight counts against the month it is made in. */
    @Test
    void aPaymentIsCountedInTheMonthItIsMadeIn() {
        UUID id = on(300, PACK);
        look(id);
        PurchaseId late = latest();
        topUps.prepared(late, "pi_" + late, now).block();
        now = DECEMBER;
        assertThat(get(topUps.mayCharge(late, now))).isEqualTo("go");
        assertThat(get(topUps.find(user, now)).countedInMonth()).isEqualTo(new UsdMicros(PACK));
        DB.execute("update auto_topups set monthly_cap_micros = 1000000 where id = '" + id + "'");
        assertThat(get(topUps.mayCharge(late, now))).isEqualTo("monthly_cap");
        assertThat(get(purchases.find(late)).status()).isEqualTo(PurchaseStatus.FAILED);
        assertThat(told()).containsExactly("auto-top-up-cap/" + id + "/2026-12");
    }

    /** Guard: {@code auto_topup_may_charge}, the last question. */
    @Test
    void nothingIsPaidThatIsNotWantedAnyMore() {
        UUID id = on(300, PACK * 9);
        look(id);
        PurchaseId off = latest();
        topUps.prepared(off, "pi_" + off, now).block();
        topUps.switchOff(user, now).block();
        assertThat(get(topUps.mayCharge(off, now))).isEqualTo("switched_off");
        assertThat(get(topUps.mayCharge(off, now))).isEqualTo("switched_off");
        assertThat(look(id)).isEqualTo(LookOutcome.OFF);

        choose(300, PACK * 9, false);
        assertThat(look(id)).isEqualTo(LookOutcome.BEGUN);
        PurchaseId unneeded = latest();
        topUps.prepared(unneeded, "pi_" + unneeded, now).block();
        grant(300);
        assertThat(get(topUps.mayCharge(unneeded, now))).isEqualTo("not_needed");
    }

    @Test
    void aRefusedCardStopsItUntilThePersonActs() {
        UUID id = on(300, PACK * 9);
        look(id);
        PurchaseId declined = latest();

        topUps.failed(declined, "card_declined", now).block();
        topUps.failed(declined, "card_declined", now).block();

        assertThat(look(id)).isEqualTo(LookOutcome.OFF);
        hold0();
        assertThat(due()).doesNotContain(id);
        AutoTopUp stopped = get(topUps.find(user, now));
        assertThat(stopped.status()).isEqualTo(AutoTopUpStatus.NEEDS_ATTENTION);
        assertThat(stopped.statusReason()).isEqualTo("card_declined");
        assertThat(told()).containsExactly("auto-top-up-attention/" + id + "/" + declined);
        choose(300, PACK * 9, false);
        assertThat(get(topUps.find(user, now)).status()).isEqualTo(AutoTopUpStatus.ON);
        assertThat(look(id)).isEqualTo(LookOutcome.BEGUN);
    }

    @Test
    void whoGotTheMoneyBackIsNotChargedAgain() {
        UUID id = on(300, PACK * 9);
        look(id);
        PurchaseId bought = latest();
        paid(bought);
        UUID grant = Objects.requireNonNull(get(purchases.find(bought)).grantId());
        get(LedgerCorrections.on(DB.client(), () -> now)
                .clawBack(new ClawBackRequest("re_" + bought, ClawBackKind.REFUND, grant, new UsdMicros(PACK))));

        assertThat(look(id)).isEqualTo(LookOutcome.STOPPED);
        assertThat(get(topUps.find(user, now)).statusReason()).isEqualTo("payment_returned");
        now = now.plusSeconds(1);
        choose(300, PACK * 9, false);
        assertThat(look(id)).as("consented again since").isEqualTo(LookOutcome.BEGUN);
    }

    @Test
    void aChoiceIsWithinBoundsAndWaitsForACard() {
        assertThat(choose(1_501, PACK, false)).isEqualTo(new ChoiceOutcome.ThresholdTooHigh(new Credits(1_500)));
        assertThat(choose(300, PACK - 10_000, false)).isEqualTo(new ChoiceOutcome.CapTooLow(new UsdMicros(PACK)));
        assertThat(get(topUps.set(
                        new AutoTopUpChoice(user, "call_5", new Credits(60), new UsdMicros(PACK), false, now))))
                .isEqualTo(new ChoiceOutcome.NotAPack());
        assertThat(topUps.find(user, now).blockOptional()).isEmpty();
        choose(300, PACK, false);
        choose(240, PACK, false);
        CardSetupId first = setup();
        setups.opened(first, "cs_" + first, "https://pay.test/", now.plusSeconds(60), now)
                .block();
        AutoTopUp waiting = get(topUps.find(user, now));
        assertThat(waiting.status()).isEqualTo(AutoTopUpStatus.AWAITING_CARD);
        assertThat(waiting.setupUrl()).isEqualTo("https://pay.test/");
        setups.ended(first, CardSetupStatus.EXPIRED, now).block();
        assertThat(get(topUps.find(user, now)).statusReason()).isEqualTo("card_not_saved");
        assertThat(saved(first)).as("it was over").isFalse();

        choose(300, PACK, false);
        CardSetupId second = setup();
        setups.opened(second, "cs_" + second, "https://pay.test/", now, now).block();
        topUps.switchOff(user, now).block();
        assertThat(get(setups.find(second)).status()).isEqualTo(CardSetupStatus.WITHDRAWN);
        assertThat(saved(second)).as("switched off meanwhile").isFalse();
        assertThat(get(topUps.find(user, now)).status()).isEqualTo(AutoTopUpStatus.OFF);
    }

    /** Guards: the checks and unique constraints of the tables. */
    @Test
    void whatMayNotBeIsRefusedBelowTheFunctions() {
        UUID id = on(300, PACK);
        String row = " where id = '" + id + "'";
        refused("update auto_topups set status = 'MAYBE', start_due_at = null" + row, "auto_topups_status");
        refused("update auto_topups set payment_method = null" + row, "auto_topups_on_with_card");
        refused("update auto_topups set start_due_at = null" + row, "auto_topups_looked_at");
        refused("update auto_topups set threshold_seconds = 59" + row, "auto_topups_threshold");
        refused("update auto_topups set monthly_cap_micros = 1000000001" + row, "auto_topups_cap");
        refused(
                "insert into auto_topups (id, user_id, status, product_code, threshold_seconds, monthly_cap_micros,"
                        + " consented_at, created_at, updated_at) select gen_random_uuid(), user_id, 'OFF', product_code,"
                        + " threshold_seconds, monthly_cap_micros, now(), now(), now() from auto_topups" + row,
                "auto_topups_one_per_user");
        choose(300, PACK, true);
        refused(
                "insert into card_setups (id, topup_id, status, created_at, updated_at) values (gen_random_uuid(), '"
                        + id + "', 'NEW', now(), now())",
                "card_setups_one_open");
        refused("update card_setups set status = 'LOST' where topup_id = '" + id + "'", "card_setups_status");
        setups.opened(setup(), "cs_same_" + id, "u", now, now).block();
        refused(
                "insert into card_setups (id, topup_id, status, session, created_at, updated_at) values"
                        + " (gen_random_uuid(), '" + id + "', 'EXPIRED', 'cs_same_" + id + "', now(), now())",
                "card_setups_session_once");
        look(id);
        PurchaseId bought = latest();
        refused("update purchases set topup_month = null where id = '" + bought + "'", "purchases_topup");
        DB.execute("insert into auto_topup_notices values ('" + id + "', 'cap_reached', 'm', 'r', now())");
        refused(
                "insert into auto_topup_notices values ('" + id + "', 'cap_reached', 'm', 'r', now())",
                "auto_topup_notices_once");
        refused(
                "insert into auto_topup_notices values ('" + id + "', 'other', 'm', 'r', now())",
                "auto_topup_notices_kind");
        topUps.prepared(bought, "pi_same_" + id, now).block();
        fail(bought, "not_needed");
        look(id);
        refused(
                "update purchases set topup_payment = 'pi_same_" + id + "' where id = '" + latest() + "'",
                "purchases_topup_payment_once");
    }

    /** Guard: unique auto_topups_one_per_user. */
    @Test
    void aPersonHasOne() {
        List<ChoiceOutcome> outcomes = get(Flux.range(0, AT_ONCE)
                .flatMap(i -> topUps.set(choice(300, PACK, false)), AT_ONCE)
                .collectList());

        assertThat(outcomes).containsOnly(new ChoiceOutcome.Done());
        assertThat(DB.query("select id from auto_topups where user_id = '" + user + "'"))
                .hasSize(1);
        assertThat(DB.query("select s.id from card_setups s join auto_topups t on t.id = s.topup_id where user_id = '"
                        + user + "'"))
                .hasSize(1);
    }

    private UUID on(long thresholdSeconds, long capMicros) {
        choose(thresholdSeconds, capMicros, false);
        CardSetupId setup = setup();
        setups.opened(setup, "cs_" + setup, "https://pay.test/", now, now).block();
        assertThat(saved(setup)).isTrue();
        assertThat(saved(setup)).as("a repeat").isFalse();
        AutoTopUp on = get(topUps.find(user, now));
        assertThat(on.status()).isEqualTo(AutoTopUpStatus.ON);
        return on.id();
    }

    private boolean saved(CardSetupId setup) {
        return get(setups.saved(
                setup, new CardSetups.Saved("cus_1", "pm_1", new AutoTopUp.Card("visa", "4242", "12/2030")), now));
    }

    private CardSetupId setup() {
        return new CardSetupId(
                (UUID) DB.query("select s.id from card_setups s join auto_topups t on t.id = s.topup_id where"
                                + " t.user_id = '" + user + "' and s.status in ('NEW', 'OPEN')")
                        .getFirst()
                        .get("id"));
    }

    private AutoTopUpChoice choice(long thresholdSeconds, long capMicros, boolean newCard) {
        return new AutoTopUpChoice(
                user, "pack_25", new Credits(thresholdSeconds), new UsdMicros(capMicros), newCard, now);
    }

    private ChoiceOutcome choose(long thresholdSeconds, long capMicros, boolean newCard) {
        return get(topUps.set(choice(thresholdSeconds, capMicros, newCard)));
    }

    private LookOutcome look(UUID id) {
        // The latest purchase is told by its time.
        now = now.plusSeconds(1);
        return get(topUps.look(id, newPurchase(), now));
    }

    private List<LookOutcome> looks(UUID id) {
        return get(Flux.range(0, AT_ONCE)
                .flatMap(i -> topUps.look(id, newPurchase(), now), AT_ONCE)
                .collectList());
    }

    private static PurchaseId newPurchase() {
        return new PurchaseId(UUID.randomUUID());
    }

    private List<UUID> due() {
        UUID mine = get(topUps.find(user, now)).id();
        return get(topUps.due(1_000, Duration.ofMinutes(10), now).collectList()).stream()
                .filter(mine::equals)
                .toList();
    }

    private PurchaseId latest() {
        return new PurchaseId(
                Objects.requireNonNull(get(topUps.find(user, now)).last()).purchaseId());
    }

    private int bought() {
        return DB.query("select id from purchases where user_id = '" + user + "'")
                .size();
    }

    private void paid(PurchaseId id) {
        Purchase purchase = get(purchases.find(id));
        if (purchase.status() == PurchaseStatus.NEW) {
            topUps.prepared(id, "pi_" + id, now).block();
        }
        assertThat(get(purchases.credit(id, "pi_" + id, new UsdMicros(PACK), now)))
                .isEqualTo(Purchases.CreditOutcome.CREDITED);
    }

    private void fail(PurchaseId id, String reason) {
        assertThat(get(purchases.move(id, PurchaseStatus.FAILED, reason, now))).isTrue();
    }

    private List<String> told() {
        return get(notices.lease(1_000, Duration.ofMinutes(1), DECEMBER.plus(Duration.ofDays(400)))
                        .collectList())
                .stream()
                .filter(notice -> notice.userId().equals(user))
                .map(AutoTopUpNotice::key)
                .toList();
    }

    private void grant(long seconds) {
        get(ledger.grant(new GrantRequest(
                UUID.randomUUID().toString(),
                user,
                new Credits(seconds),
                GrantSource.GOODWILL,
                new UsdMicros(0),
                100,
                null)));
    }

    /** As a call does when it is admitted. */
    private void hold(long seconds) {
        UUID call = UUID.randomUUID();
        DB.execute("insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,"
                + " scheduled_for, callback_policy, created_at, updated_at) values ('" + call + "', '" + user
                + "', '\\x00', 'brad_001', '+14155550100', 300, true, '" + now + "', '{}', '" + now + "', '" + now
                + "')");
        get(ledger.hold(
                new HoldRequest(call, user, new Credits(seconds), "call:test", now.plus(Duration.ofDays(900)))));
        DB.execute("update calls set hold_seconds = " + seconds + " where id = '" + call + "'");
    }

    /** A hold of somebody who has nothing is refused, and a second is granted so that one is made. */
    private void hold0() {
        grant(1);
        hold(1);
    }

    private void drain() {
        long left = get(ledger.balance(user)).available().seconds();
        if (left > 0) {
            hold(left);
        }
    }

    private static void refused(String statement, String guard) {
        assertThatThrownBy(() -> DB.execute(statement)).hasMessageContaining(guard);
    }

    private static <T> T get(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(Duration.ofSeconds(30)));
    }
}
