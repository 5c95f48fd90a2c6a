package ai.callmeback.db.topup;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.purchase.PurchaseId;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;

/** The guards of auto top-up: what is refused below the functions, and that the cap holds whoever comes at once. */
class AutoTopUpGuardsTest extends AutoTopUpCase {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    @Override
    TestDatabase db() {
        return DB;
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
}
