package ai.callmeback.db.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A ledger on a test database, with a clock that tests move. */
final class LedgerFixture {

    static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final TestDatabase database;
    private final Ledger ledger;
    private final LedgerCorrections corrections;
    private volatile Instant now = START;
    private int keys;

    LedgerFixture(TestDatabase database) {
        this.database = database;
        InstantSource clock = () -> now;
        this.ledger = Ledger.on(database.client(), clock);
        this.corrections = LedgerCorrections.on(database.client(), clock);
    }

    LedgerCorrections corrections() {
        return corrections;
    }

    Ledger ledger() {
        return ledger;
    }

    Instant now() {
        return now;
    }

    void advance(Duration time) {
        now = now.plus(time);
    }

    static <T> T get(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(TIMEOUT));
    }

    UserId user() {
        return new UserId(UUID.randomUUID());
    }

    UserId userWith(long seconds) {
        UserId user = user();
        grant(user, seconds, 0, null);
        return user;
    }

    UUID grant(UserId user, long seconds, long priceMicros, @Nullable Instant expiresAt) {
        return grant(user, seconds, priceMicros, GrantRequest.USUAL_PRIORITY, expiresAt);
    }

    UUID grant(UserId user, long seconds, long priceMicros, int priority, @Nullable Instant expiresAt) {
        GrantSource source = priceMicros > 0 ? GrantSource.PACK : GrantSource.PROMO;
        GrantOutcome outcome = get(ledger.grant(new GrantRequest(
                "key-" + user + "-" + ++keys,
                user,
                new Credits(seconds),
                source,
                new UsdMicros(priceMicros),
                priority,
                expiresAt)));
        return ((GrantOutcome.Posted) outcome).receipt().grantId();
    }

    HoldRequest holdRequest(UserId user, long seconds) {
        return new HoldRequest(
                UUID.randomUUID(), user, new Credits(seconds), "call:test", now.plus(Duration.ofMinutes(30)));
    }

    UUID hold(UserId user, long seconds) {
        HoldOutcome outcome = get(ledger.hold(holdRequest(user, seconds)));
        assertThat(outcome).isInstanceOf(HoldOutcome.Posted.class);
        return ((HoldOutcome.Posted) outcome).receipt().holdId();
    }

    CaptureOutcome capture(UUID hold, long seconds) {
        return get(ledger.capture(new CaptureRequest(hold, new Credits(seconds), "by_the_second")));
    }

    CaptureReceipt captured(UUID hold, long seconds) {
        return ((CaptureOutcome.Posted) capture(hold, seconds)).receipt();
    }

    ReleaseOutcome release(UUID hold) {
        return get(ledger.release(new ReleaseRequest(hold, "never_answered")));
    }

    Hold find(UUID hold) {
        return get(ledger.findHold(hold));
    }

    void assertBalance(UserId user, long available, long held, long owed) {
        assertThat(get(ledger.balance(user)))
                .isEqualTo(new Balance(new Credits(available), new Credits(held), new Credits(owed)));
    }

    /** The derived balance of a platform account. */
    long account(String account, String unit) {
        return database
                .query("select amount from ledger_account_balances where account = '" + account + "' and unit = '"
                        + unit + "'")
                .stream()
                .mapToLong(row -> (Long) row.get("amount"))
                .sum();
    }

    String lastKind() {
        return (String) database.query("select kind from ledger_postings order by id desc limit 1")
                .getFirst()
                .get("kind");
    }

    AuditReport audit() {
        return get(ledger.audit());
    }

    void assertAuditClean() {
        assertThat(audit().violations()).isEmpty();
    }
}
