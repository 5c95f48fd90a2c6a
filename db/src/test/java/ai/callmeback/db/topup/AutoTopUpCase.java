package ai.callmeback.db.topup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.ledger.GrantRequest;
import ai.callmeback.db.ledger.GrantSource;
import ai.callmeback.db.ledger.HoldRequest;
import ai.callmeback.db.ledger.Ledger;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Somebody with an auto top-up, on a real PostgreSQL. */
abstract class AutoTopUpCase {
    static final Instant NOW = Instant.parse("2026-11-30T23:00:00Z");
    static final Instant DECEMBER = Instant.parse("2026-12-01T00:00:00Z");
    static final long PACK = 14_990_000;
    static final int AT_ONCE = 12;

    Ledger ledger;
    Purchases purchases;
    AutoTopUps topUps;
    CardSetups setups;
    AutoTopUpNotices notices;
    UserId user;
    Instant now = NOW;

    abstract TestDatabase db();

    @BeforeEach
    void person() {
        ledger = Ledger.on(db().client(), () -> now);
        purchases = new Purchases(db().client());
        topUps = new AutoTopUps(db().client());
        setups = new CardSetups(db().client());
        notices = new AutoTopUpNotices(db().client());
        user = new UserId(UUID.randomUUID());
        db().execute("insert into users (id, email, password_hash, display_name, country, pseudonym) values ('" + user
                + "', '" + user + "@example.test', 'x', 'Kim', 'US', 'u-" + user + "')");
    }

    UUID on(long thresholdSeconds, long capMicros) {
        choose(thresholdSeconds, capMicros, false);
        CardSetupId setup = setup();
        setups.opened(setup, "cs_" + setup, "https://pay.test/", now, now).block();
        assertThat(saved(setup)).isTrue();
        assertThat(saved(setup)).as("a repeat").isFalse();
        AutoTopUp on = get(topUps.find(user, now));
        assertThat(on.status()).isEqualTo(AutoTopUpStatus.ON);
        return on.id();
    }

    boolean saved(CardSetupId setup) {
        return get(setups.saved(
                setup,
                new CardSetups.Saved("cus_1", "pm_" + setup, new AutoTopUp.Card("visa", "4242", "12/2030")),
                now));
    }

    CardSetupId setup() {
        return new CardSetupId(
                (UUID) db().query("select s.id from card_setups s join auto_topups t on t.id = s.topup_id where"
                                + " t.user_id = '" + user + "' and s.status in ('NEW', 'OPEN')")
                        .getFirst()
                        .get("id"));
    }

    AutoTopUpChoice choice(long thresholdSeconds, long capMicros, boolean newCard) {
        return new AutoTopUpChoice(
                user, "pack_25", new Credits(thresholdSeconds), new UsdMicros(capMicros), newCard, now);
    }

    ChoiceOutcome choose(long thresholdSeconds, long capMicros, boolean newCard) {
        return get(topUps.set(choice(thresholdSeconds, capMicros, newCard)));
    }

    LookOutcome look(UUID id) {
        // The latest purchase is told by its time.
        now = now.plusSeconds(1);
        return get(topUps.look(id, newPurchase(), now));
    }

    List<LookOutcome> looks(UUID id) {
        return get(Flux.range(0, AT_ONCE)
                .flatMap(i -> topUps.look(id, newPurchase(), now), AT_ONCE)
                .collectList());
    }

    static PurchaseId newPurchase() {
        return new PurchaseId(UUID.randomUUID());
    }

    List<UUID> due() {
        UUID mine = get(topUps.find(user, now)).id();
        return get(topUps.due(1_000, Duration.ofMinutes(10), now).collectList()).stream()
                .filter(mine::equals)
                .toList();
    }

    PurchaseId latest() {
        return new PurchaseId(
                Objects.requireNonNull(get(topUps.find(user, now)).last()).purchaseId());
    }

    int bought() {
        return db().query("select id from purchases where user_id = '" + user + "'")
                .size();
    }

    void paid(PurchaseId id) {
        Purchase purchase = get(purchases.find(id));
        if (purchase.status() == PurchaseStatus.NEW) {
            topUps.prepared(id, "pi_" + id, now).block();
        }
        assertThat(get(purchases.credit(id, "pi_" + id, new UsdMicros(PACK), now)))
                .isEqualTo(Purchases.CreditOutcome.CREDITED);
    }

    void fail(PurchaseId id, String reason) {
        assertThat(get(purchases.move(id, PurchaseStatus.FAILED, reason, now))).isTrue();
    }

    List<String> told() {
        return get(notices.lease(1_000, Duration.ofMinutes(1), DECEMBER.plus(Duration.ofDays(400)))
                        .collectList())
                .stream()
                .filter(notice -> notice.userId().equals(user))
                .map(AutoTopUpNotice::key)
                .toList();
    }

    void grant(long seconds) {
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
    void hold(long seconds) {
        UUID call = UUID.randomUUID();
        db().execute("insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,"
                + " scheduled_for, callback_policy, created_at, updated_at) values ('" + call + "', '" + user
                + "', '\\x00', 'brad_001', '+14155550100', 300, true, '" + now + "', '{}', '" + now + "', '" + now
                + "')");
        get(ledger.hold(
                new HoldRequest(call, user, new Credits(seconds), "call:test", now.plus(Duration.ofDays(900)))));
        db().execute("update calls set hold_seconds = " + seconds + " where id = '" + call + "'");
    }

    /** A hold of somebody who has nothing is refused, and a second is granted so that one is made. */
    void hold0() {
        grant(1);
        hold(1);
    }

    void drain() {
        long left = get(ledger.balance(user)).available().seconds();
        if (left > 0) {
            hold(left);
        }
    }

    void refused(String statement, String guard) {
        assertThatThrownBy(() -> db().execute(statement)).hasMessageContaining(guard);
    }

    static <T> T get(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(Duration.ofSeconds(30)));
    }
}
