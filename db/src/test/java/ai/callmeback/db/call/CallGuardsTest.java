package ai.callmeback.db.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.call.TelephonyState;
import ai.callmeback.domain.settlement.ChargePolicy;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The guards of I4 and I5. Every test does the wrong thing twice: with the guard, where it is refused; and in a scratch
 * database without it, where it gets through. So each guard is needed.
 */
class CallGuardsTest {
    private static final Instant NOW = CallFixture.NOW;

    private TestDatabase database;
    private CallFixture fixture;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh().open();
        fixture = new CallFixture(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** I4, guard: trigger calls_settlement_stands, here against a settlement that forgot to ask whether there is one. */
    @Test
    void i4ACallIsSettledOnce() {
        CallRecord call = fixture.dialing();
        var first = new CallStore.Settled(true, "by_the_second", 42, 42);
        var second = new CallStore.Settled(true, "by_the_second", 60, 60);
        assertThat(fixture.calls.settled(call.id(), first, NOW).block()).isTrue();
        assertThat(fixture.calls.settled(call.id(), first, NOW).block())
                .as("a repeat")
                .isFalse();
        assertThat(fixture.calls.settled(call.id(), second, NOW).block()).isFalse();
        String forgetful = "update calls set billed_seconds = 60, charged_seconds = 60, settled_at = now()"
                + " where id = '" + call.id() + "'";

        assertThatThrownBy(() -> database.execute(forgetful)).hasMessageContaining("is settled already");
        assertThat(fixture.calls.find(call.id()).block().chargedSeconds()).isEqualTo(42);

        database.execute("drop trigger calls_settlement_stands on calls");
        database.execute(forgetful);
        assertThat(fixture.calls.find(call.id()).block().chargedSeconds()).isEqualTo(60);
    }

    /** Guard: trigger calls_charge_policy_stands, here against a statement that forgot to ask. */
    @Test
    void aCallKeepsTheChargePolicyItWasHeldUnder() {
        CallRecord call = fixture.accepted();
        assertThat(call.chargePolicy()).isEqualTo(ChargePolicy.BY_THE_SECOND);
        String held = "update calls set charge_policy = 'whole_length' where id = '" + call.id() + "'";
        String forgetful = "update calls set charge_policy = 'by_the_second' where id = '" + call.id() + "'";
        database.execute(held);

        assertThatThrownBy(() -> database.execute(forgetful)).hasMessageContaining("has its charge policy");
        database.execute(held);
        assertThat(fixture.calls.find(call.id()).block().chargePolicy()).isEqualTo(ChargePolicy.WHOLE_LENGTH);

        database.execute("drop trigger calls_charge_policy_stands on calls");
        database.execute(forgetful);
        assertThat(fixture.calls.find(call.id()).block().chargePolicy()).isEqualTo(ChargePolicy.BY_THE_SECOND);
    }

    /** I5, guard: dial_intents_pkey. An activity run again after the first dial is over must not dial again. */
    @Test
    void i5AnAttemptIsDialledOnce() {
        CallRecord call = fixture.accepted();
        assertThat(begin(call)).isInstanceOf(BeginOutcome.Begun.class);
        over(call, "CA-1");

        assertThat(begin(call)).isInstanceOf(BeginOutcome.AlreadyBegun.class);

        database.execute("alter table dial_intents drop constraint dial_intents_pkey");
        assertThat(begin(call)).as("a second dial of the attempt").isInstanceOf(BeginOutcome.Begun.class);
    }

    /** One open dial per number, guard: dial_intents_open_number. */
    @Test
    void aPhoneIsDialledByOneCallAtATime() {
        CallRecord one = fixture.accepted();
        CallRecord two = fixture.accepted();
        fixture.intents.begin(one.id(), 1, one.phone(), NOW).block();
        assertThat(fixture.intents.begin(two.id(), 1, one.phone(), NOW).block())
                .isInstanceOf(BeginOutcome.NumberBusy.class);

        database.execute("drop index dial_intents_open_number");
        assertThat(fixture.intents.begin(two.id(), 1, one.phone(), NOW).block()).isInstanceOf(BeginOutcome.Begun.class);
        assertThat(database.query("select count(*) as open from dial_intents where state = 'BEGUN'"))
                .containsExactly(Map.of("open", 2L));
    }

    private BeginOutcome begin(CallRecord call) {
        return fixture.intents.begin(call.id(), 1, call.phone(), NOW).block();
    }

    private void over(CallRecord call, String sid) {
        fixture.intents
                .reported(call.id(), 1, new DialIntents.Report(sid, TelephonyState.BUSY, null, null, null, NOW))
                .block();
    }
}
