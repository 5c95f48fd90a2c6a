package ai.callmeback.db.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.review.Goodwill.Outcome;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;

/** Minutes that are given away: once per call and key, whoever sends it how often. */
class GoodwillTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int AT_ONCE = 8;

    private final Goodwill goodwill = new Goodwill(DB.client());
    private final Ledger ledger = Ledger.on(DB.client(), () -> NOW);
    private final UserId user = new UserId(UUID.randomUUID());
    private final CallId call = new CallId(UUID.randomUUID());

    @BeforeEach
    void aCall() {
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym) values ('" + user
                + "', '" + user + "@example.test', 'x', 'Kim', 'US', 'u-" + user + "')");
        DB.execute("insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,"
                + " scheduled_for, callback_policy, created_at, updated_at) values ('" + call + "', '" + user
                + "', '\\x00', 'brad_001', '+14155550100', 300, true, '" + NOW + "', '{}', '" + NOW + "', '" + NOW
                + "')");
    }

    @Test
    void itIsGivenOncePerKey() {
        assertThat(Flux.range(0, AT_ONCE)
                        .flatMap(n -> goodwill.give(gift(call, 300, "k1")), AT_ONCE)
                        .collectList()
                        .block(SOON))
                .containsOnlyOnce(Outcome.GIVEN)
                .containsOnly(Outcome.GIVEN, Outcome.REPEATED);
        assertThat(give(call, 360, "k1")).isEqualTo(Outcome.CONFLICT);
        assertThat(give(call, 60, "k2")).isEqualTo(Outcome.GIVEN);
        assertThat(give(new CallId(UUID.randomUUID()), 60, "k1")).isEqualTo(Outcome.UNKNOWN_CALL);
        assertThat(Objects.requireNonNull(ledger.balance(user).block(SOON)).available())
                .isEqualTo(new Credits(360));
        assertThat(Objects.requireNonNull(ledger.audit().block(SOON)).violations())
                .isEmpty();
        String copy = "insert into goodwill select gen_random_uuid(), call_id, user_id, seconds, note, given_by,"
                + " idempotency_key, gen_random_uuid(), given_at from goodwill where call_id = '" + call + "'";
        assertThatThrownBy(() -> DB.execute(copy)).hasMessageContaining("goodwill_once_per_key");
        assertThatThrownBy(() -> DB.execute("delete from goodwill")).isInstanceOf(RuntimeException.class);
    }

    /** Guard: the look at the account in {@code goodwill_give}. Without it minutes are owed to nobody for ever. */
    @Test
    void nothingIsGivenToAnAccountThatIsClosed() {
        assertThat(give(call, 60, "k1")).isEqualTo(Outcome.GIVEN);
        DB.execute("update users set status = 'closed' where id = '" + user + "'");
        assertThat(give(call, 60, "k1")).isEqualTo(Outcome.REPEATED);
        assertThat(give(call, 60, "k2")).isEqualTo(Outcome.CLOSED_ACCOUNT);
        assertThat(Objects.requireNonNull(ledger.balance(user).block(SOON)).available())
                .isEqualTo(new Credits(60));
    }

    @Test
    void itIsWithinBounds() {
        assertThatThrownBy(() -> give(call, 59, "k")).hasMessageContaining("goodwill_seconds");
        assertThatThrownBy(() -> give(call, 36_001, "k")).hasMessageContaining("goodwill_seconds");
    }

    private Outcome give(CallId to, long seconds, String key) {
        return Objects.requireNonNull(goodwill.give(gift(to, seconds, key)).block(SOON));
    }

    private Goodwill.Gift gift(CallId to, long seconds, String key) {
        return new Goodwill.Gift(UUID.randomUUID(), to, new Credits(seconds), "A bad line.", user, key, NOW);
    }
}
