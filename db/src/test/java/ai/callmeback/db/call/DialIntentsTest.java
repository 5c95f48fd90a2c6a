package ai.callmeback.db.call;

import static ai.callmeback.db.call.CallFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.call.TelephonyState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class DialIntentsTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private CallFixture fixture;

    @BeforeEach
    void open() {
        fixture = new CallFixture(DB);
    }

    /** I5, guard: {@code dial_intents_pkey}. */
    @Test
    void ofManyWhoBeginAnAttemptOneMayDial() {
        CallRecord call = fixture.accepted();
        List<BeginOutcome> outcomes = Flux.range(0, 12)
                .flatMap(
                        i -> fixture.intents
                                .begin(call.id(), 1, call.phone(), NOW)
                                .subscribeOn(Schedulers.boundedElastic()),
                        12)
                .collectList()
                .block(Duration.ofSeconds(20));
        assertThat(outcomes).filteredOn(BeginOutcome.Begun.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(BeginOutcome.AlreadyBegun.class::isInstance)
                .hasSize(11);
    }

    /** Guard: {@code dial_intents_open_number}. */
    @Test
    void aNumberHasOneOpenDialUntilItIsOver() {
        CallRecord one = fixture.accepted();
        CallRecord two = fixture.accepted();
        fixture.intents.begin(one.id(), 1, one.phone(), NOW).block();
        assertThat(fixture.intents.begin(two.id(), 1, one.phone(), NOW).block())
                .isEqualTo(new BeginOutcome.NumberBusy());
        fixture.intents
                .reported(one.id(), 1, report("CA-one", TelephonyState.BUSY))
                .block();
        assertThat(fixture.intents.begin(two.id(), 1, one.phone(), NOW).block()).isEqualTo(new BeginOutcome.Begun());
    }

    @Test
    void reportsInAnyOrderOnlyMoveForward() {
        CallRecord call = fixture.accepted();
        fixture.intents.begin(call.id(), 1, call.phone(), NOW).block();
        for (TelephonyState state : List.of(
                TelephonyState.IN_PROGRESS,
                TelephonyState.COMPLETED,
                TelephonyState.RINGING,
                TelephonyState.INITIATED)) {
            fixture.intents
                    .reported(call.id(), 1, report("CA-x" + call.id(), state))
                    .block();
        }
        DialIntent intent = fixture.intents.find(call.id(), 1).block();
        assertThat(intent.telephony()).isEqualTo(TelephonyState.COMPLETED);
        assertThat(intent.state()).isEqualTo(DialIntent.State.CLOSED);
        assertThat(intent.answeredAt()).isEqualTo(NOW);
    }

    @Test
    void anAbandonedAttemptStaysSoWhenItShowsUp() {
        CallRecord call = fixture.accepted();
        fixture.intents.begin(call.id(), 1, call.phone(), NOW).block();
        fixture.intents.unknown(call.id(), 1, "timeout", NOW).block();
        assertThat(fixture.intents.abandoned(call.id(), 1, "late", NOW).block().state())
                .isEqualTo(DialIntent.State.ABANDONED);
        DialIntent late = fixture.intents
                .reported(call.id(), 1, report("CA-late" + call.id(), TelephonyState.RINGING))
                .block();
        assertThat(late.state()).isEqualTo(DialIntent.State.ABANDONED);
        assertThat(late.callSid()).isNotNull();
    }

    @Test
    void anAttemptKnownByItsCallbackIsNotAbandoned() {
        CallRecord call = fixture.accepted();
        fixture.intents.begin(call.id(), 1, call.phone(), NOW).block();
        fixture.intents
                .reported(call.id(), 1, report("CA-k" + call.id(), TelephonyState.RINGING))
                .block();
        assertThat(fixture.intents.abandoned(call.id(), 1, "late", NOW).block().state())
                .isEqualTo(DialIntent.State.ACCEPTED);
    }

    private static DialIntents.Report report(String sid, TelephonyState state) {
        return new DialIntents.Report(sid, state, null, null, null, NOW);
    }
}
