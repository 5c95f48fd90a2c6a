package ai.callmeback.db.call;

import static ai.callmeback.db.call.CallFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallLifecycle;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.EndedBy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class CallStoreTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private CallFixture fixture;

    @BeforeEach
    void open() {
        fixture = new CallFixture(DB);
    }

    @Test
    void acceptingPromisesOnceWhateverIsRepeated() {
        UserId user = fixture.user(1);
        NewCall call = CallFixture.request(user, "key-1", "a push");
        assertThat(fixture.calls.accept(call).block()).isEqualTo(new AcceptOutcome.Accepted(call.id()));
        assertThat(fixture.calls.accept(call).block()).isEqualTo(new AcceptOutcome.Repeated(call.id()));
        NewCall other = new NewCall(
                call.id(),
                user,
                "key-1",
                call.personaId(),
                "another",
                call.phone(),
                call.planned(),
                call.when(),
                call.policy(),
                NOW);
        assertThat(fixture.calls.accept(other).block()).isEqualTo(new AcceptOutcome.Conflict(call.id()));
        assertThat(DB.query("select count(*) as n from call_outbox where call_id = '" + call.id() + "'"))
                .containsExactly(Map.of("n", 1L));
        assertThat(fixture.events.since(call.id(), 0, 10).collectList().block())
                .extracting(CallEvent::sequence, CallEvent::kind)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(1, "status"));
    }

    @Test
    void ofManySimultaneousRepeatsOneIsAccepted() {
        NewCall call = CallFixture.request(fixture.user(1), "key-2", "");
        List<AcceptOutcome> outcomes = Flux.range(0, 16)
                .flatMap(i -> fixture.calls.accept(call).subscribeOn(Schedulers.boundedElastic()), 16)
                .collectList()
                .block(Duration.ofSeconds(20));
        assertThat(outcomes)
                .filteredOn(AcceptOutcome.Accepted.class::isInstance)
                .hasSize(1);
        assertThat(outcomes)
                .filteredOn(AcceptOutcome.Repeated.class::isInstance)
                .hasSize(15);
    }

    /** Guard: a cancel that goes around the workflow moves a call that waits for its time, and no other. */
    @Test
    void aCallThatIsDueIsNotCancelledAroundItsWorkflow() {
        CallRecord waiting = fixture.accepted();
        CallStore.Move cancel = CallStore.Move.because("canceled", "canceled_by_user");
        assertThat(fixture.calls.cancelScheduled(waiting.id(), cancel, NOW).block())
                .isEqualTo(CallStatus.CANCELED);
        assertThat(fixture.calls.cancelScheduled(waiting.id(), cancel, NOW).block())
                .isEqualTo(CallStatus.CANCELED);
        CallRecord due = fixture.accepted();
        move(due, CallStatus.DUE);
        assertThat(fixture.calls.cancelScheduled(due.id(), cancel, NOW).block()).isEqualTo(CallStatus.DUE);
    }

    /** Guard: {@code move_call} with the predecessors of {@link CallLifecycle}. */
    @Test
    void aCallOnlyMovesAsTheTableSays() {
        CallRecord call = fixture.accepted();
        assertThat(move(call, CallStatus.IN_PROGRESS)).isEqualTo(CallStatus.SCHEDULED);
        assertThat(move(call, CallStatus.DUE)).isEqualTo(CallStatus.DUE);
        assertThat(move(call, CallStatus.DUE)).isEqualTo(CallStatus.DUE);
        assertThat(move(call, CallStatus.CANCELED)).isEqualTo(CallStatus.CANCELED);
        assertThat(move(call, CallStatus.ADMITTED)).isEqualTo(CallStatus.CANCELED);
        assertThat(fixture.events.since(call.id(), 0, 10).collectList().block())
                .extracting(CallEvent::sequence)
                .containsExactly(1, 2, 3);
    }

    /** Guard: the lock on the user's row in {@code admit}. */
    @Test
    void ofTwoCallsDueAtOnceAUserWithOneLineGetsOne() {
        UserId user = fixture.user(1);
        var calls = List.of(CallFixture.request(user, null, ""), CallFixture.request(user, null, ""));
        calls.forEach(c -> {
            fixture.calls.accept(c).block();
            fixture.calls
                    .move(c.id(), CallStatus.DUE, CallStore.Move.of("due"), NOW)
                    .block();
        });
        List<Boolean> admitted = Flux.fromIterable(calls)
                .flatMap(c -> fixture.calls.admit(c.id(), user, 1, 300, NOW).subscribeOn(Schedulers.boundedElastic()))
                .collectList()
                .block(Duration.ofSeconds(20));
        assertThat(admitted).containsExactlyInAnyOrder(true, false);
    }

    /** I4, guard: {@code settled_at is null} in {@code settled}. */
    @Test
    void theFirstSettlementStands() {
        CallRecord call = fixture.accepted();
        assertThat(fixture.calls
                        .settled(call.id(), new CallStore.Settled(true, "by_the_second", 61, 61), NOW)
                        .block())
                .isTrue();
        assertThat(fixture.calls
                        .settled(call.id(), new CallStore.Settled(false, "machine", 0, 0), NOW)
                        .block())
                .isFalse();
        assertThat(fixture.calls.find(call.id()).block().chargedSeconds()).isEqualTo(61);
    }

    @Test
    void theFirstWordOnHowATalkEndedStands() {
        CallRecord call = fixture.accepted();
        var first = new CallStore.End(EndedBy.USER, "user_hung_up", 120, false);
        fixture.calls.ended(call.id(), first, NOW).block();
        fixture.calls
                .ended(call.id(), new CallStore.End(EndedBy.ERROR, "lost", 0, true), NOW)
                .block();
        assertThat(fixture.calls.end(call.id()).block()).isEqualTo(first);
    }

    /** I11, guard: the user in the where clause. */
    @Test
    void anotherUsersCallLooksLikeNone() {
        CallRecord call = fixture.accepted();
        UserId stranger = fixture.user(1);
        assertThat(fixture.calls.findOwned(stranger, call.id()).blockOptional()).isEmpty();
        assertThat(fixture.calls.list(stranger, call.id(), 10).collectList().block())
                .isEmpty();
        assertThat(fixture.calls.findOwned(call.userId(), call.id()).blockOptional())
                .isPresent();
    }

    private CallStatus move(CallRecord call, CallStatus to) {
        return fixture.calls
                .move(call.id(), to, CallStore.Move.of("step-" + to), NOW)
                .block();
    }
}
