package ai.callmeback.db.ledger;

import static ai.callmeback.db.ledger.LedgerFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Random histories of one user against {@link LedgerModel}. Every write is sent one to three times at once: exactly one
 * may post, the others must return its result. After each step the balances agree; at the end every grant does, to the
 * micro, and the audit is clean.
 */
class LedgerPropertyTest {

    private static TestDatabase database;

    @BeforeContainer
    static void open() {
        database = TestDatabase.fresh().open();
    }

    @AfterContainer
    static void close() {
        database.close();
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void theLedgerAgreesWithTheModel(@ForAll long seed, @ForAll @IntRange(min = 5, max = 40) int steps) {
        History history = new History(seed);
        for (int step = 0; step < steps; step++) {
            history.step();
        }
        history.check();
    }

    private static final class History {
        private final Random random;
        private final LedgerFixture ledger = new LedgerFixture(database);
        private final LedgerModel model = new LedgerModel();
        private final UserId user = ledger.user();
        private int keys;

        History(long seed) {
            this.random = new Random(seed);
        }

        void step() {
            switch (random.nextInt(17)) {
                case 0, 1 -> grant();
                case 2, 3, 4 -> hold();
                case 5 -> grow();
                case 6, 7 -> capture();
                case 8 -> release();
                case 9 -> intendDial();
                case 10 -> recover();
                case 12, 13 -> clawBack();
                case 14 -> undo();
                case 15, 16 -> reverse();
                default -> letTimePass();
            }
            ledger.assertBalance(user, model.available(ledger.now()), model.held(), model.owed);
        }

        private void grant() {
            int seconds = 1 + random.nextInt(400);
            long price = random.nextBoolean() ? 0 : 1 + random.nextInt(20_000_000);
            int priority = random.nextInt(3);
            Instant expiresAt =
                    random.nextBoolean() ? null : ledger.now().plus(Duration.ofMinutes(1 + random.nextInt(200)));
            // Age decides last, and the clock must tell two grants apart.
            ledger.advance(Duration.ofMillis(1));
            UUID id = ledger.grant(user, seconds, price, priority, expiresAt);
            model.grants.add(new LedgerModel.Grant(id, seconds, price, priority, expiresAt, model.grants.size()));
        }

        private void hold() {
            int seconds = 1 + random.nextInt(300);
            HoldRequest request = ledger.holdRequest(user, seconds);
            HoldOutcome outcome = repeated(() -> ledger.ledger().hold(request), HoldOutcome.AlreadyPosted.class);
            boolean held = model.hold(request.holdId(), seconds, request.expiresAt(), ledger.now());
            assertThat(outcome).isInstanceOf(held ? HoldOutcome.Posted.class : Insufficient.class);
        }

        private void grow() {
            pick().ifPresent((id, hold) -> {
                int seconds = 1 + random.nextInt(100);
                GrowRequest request = new GrowRequest(id, "k" + ++keys, new Credits(seconds));
                GrowOutcome outcome = repeated(() -> ledger.ledger().grow(request), GrowOutcome.AlreadyPosted.class);
                if (hold.state != HoldState.OPEN) {
                    assertThat(outcome).isEqualTo(new AlreadyResolved(hold.state));
                } else {
                    boolean grown = model.hold(id, seconds, hold.deadline, ledger.now());
                    assertThat(outcome).isInstanceOf(grown ? GrowOutcome.Posted.class : Insufficient.class);
                }
            });
        }

        private void capture() {
            pick().ifPresent((id, hold) -> {
                int seconds = 1 + random.nextInt(350);
                if (hold.state == HoldState.CAPTURED || hold.lateCharged) {
                    return;
                }
                CaptureRequest request = new CaptureRequest(id, new Credits(seconds), "by_the_second");
                CaptureOutcome outcome =
                        repeated(() -> ledger.ledger().capture(request), CaptureOutcome.AlreadyPosted.class);
                switch (hold.state) {
                    case OPEN -> {
                        int charged = model.capture(hold, seconds, ledger.now());
                        assertThat(((CaptureOutcome.Posted) outcome).receipt().captured())
                                .isEqualTo(new Credits(charged));
                    }
                    case EXPIRED -> {
                        int owed = model.captureLate(hold, seconds, ledger.now());
                        assertThat(((CaptureOutcome.Posted) outcome).receipt().owed())
                                .isEqualTo(new Credits(owed));
                    }
                    case RELEASED, CAPTURED -> assertThat(outcome).isEqualTo(new AlreadyResolved(hold.state));
                }
            });
        }

        private void release() {
            pick().ifPresent((id, hold) -> {
                if (hold.state == HoldState.RELEASED) {
                    return;
                }
                ReleaseRequest request = new ReleaseRequest(id, "never_answered");
                ReleaseOutcome outcome =
                        repeated(() -> ledger.ledger().release(request), ReleaseOutcome.AlreadyPosted.class);
                if (hold.state == HoldState.OPEN) {
                    model.giveBack(hold, HoldState.RELEASED, ledger.now());
                    assertThat(outcome).isInstanceOf(ReleaseOutcome.Posted.class);
                } else {
                    assertThat(outcome).isEqualTo(new AlreadyResolved(hold.state));
                }
            });
        }

        private void intendDial() {
            pick().ifPresent((id, hold) -> {
                DialIntentOutcome outcome = get(ledger.ledger().markDialIntended(id));
                hold.dialIntended |= hold.state == HoldState.OPEN;
                assertThat(outcome)
                        .isEqualTo(
                                hold.state == HoldState.OPEN
                                        ? new DialIntentOutcome.Marked()
                                        : new AlreadyResolved(hold.state));
            });
        }

        private void recover() {
            RecoverRequest request = new RecoverRequest(user, user + ":" + ++keys);
            RecoverOutcome outcome =
                    repeated(() -> ledger.ledger().recover(request), RecoverOutcome.AlreadyPosted.class);
            int recovered = model.recover(ledger.now());
            assertThat(outcome)
                    .isInstanceOf(recovered > 0 ? RecoverOutcome.Posted.class : RecoverOutcome.NothingToRecover.class);
        }

        private void letTimePass() {
            ledger.advance(Duration.ofMinutes(1 + random.nextInt(60)));
            get(Flux.range(0, 2).flatMap(i -> ledger.ledger().sweep(1_000)).collectList());
            // A sweep looks once; what it gave back itself is found by a later one.
            while (!get(ledger.ledger().sweep(1_000)).collectedGrants().isEmpty()) {}
            model.sweep(ledger.now());
        }

        private void clawBack() {
            List<LedgerModel.Grant> paid =
                    model.grants.stream().filter(grant -> grant.priceMicros > 0).toList();
            if (paid.isEmpty()) {
                return;
            }
            LedgerModel.Grant grant = paid.get(random.nextInt(paid.size()));
            long left = grant.priceMicros - grant.takenBackMicros();
            long amount = left > 0 && random.nextBoolean() ? left : 1 + random.nextLong(grant.priceMicros);
            ClawBackRequest request = new ClawBackRequest(
                    user + ":re_" + ++keys,
                    random.nextBoolean() ? ClawBackKind.REFUND : ClawBackKind.DISPUTE,
                    grant.id,
                    new UsdMicros(amount));
            ClawBackOutcome outcome =
                    repeated(() -> ledger.corrections().clawBack(request), ClawBackOutcome.AlreadyPosted.class);
            boolean taken = model.clawBack(grant, request.key(), amount);
            assertThat(outcome).isInstanceOf(taken ? ClawBackOutcome.Posted.class : ClawBackOutcome.Exceeds.class);
        }

        private void undo() {
            for (LedgerModel.Grant grant : model.grants) {
                for (LedgerModel.ClawBack clawBack : grant.clawBacks) {
                    if (!clawBack.undone && random.nextInt(3) == 0) {
                        UndoOutcome.Undone first =
                                (UndoOutcome.Undone) get(ledger.corrections().undo(clawBack.key));
                        int broken = (int) first.broken().seconds();
                        model.undo(grant, clawBack, broken, ledger.now());
                        assertThat(get(ledger.corrections().undo(clawBack.key))).isEqualTo(first);
                        return;
                    }
                }
            }
        }

        private void reverse() {
            pick().ifPresent((id, hold) -> {
                int seconds = 1 + random.nextInt(200);
                ledger.advance(Duration.ofMillis(1));
                ReverseRequest request = new ReverseRequest(id, user + ":ap_" + ++keys, new Credits(seconds), "appeal");
                ReverseOutcome outcome =
                        repeated(() -> ledger.corrections().reverse(request), ReverseOutcome.AlreadyPosted.class);
                if (hold.state != HoldState.CAPTURED) {
                    assertThat(outcome).isEqualTo(new AlreadyResolved(hold.state));
                } else if (model.reversible(hold) < seconds) {
                    assertThat(outcome).isEqualTo(new ReverseOutcome.Exceeds(new Credits(model.reversible(hold))));
                } else {
                    int replaced = model.reverse(hold, seconds, ledger.now());
                    assertThat(((ReverseOutcome.Posted) outcome).receipt().replaced())
                            .isEqualTo(new Credits(replaced));
                    replace(replaced);
                }
            });
        }

        private void replace(int seconds) {
            if (seconds > 0) {
                UUID id = get(ledger.corrections()
                                .grants(user)
                                .filter(grant -> grant.source() == GrantSource.GOODWILL
                                        && model.grants.stream().noneMatch(known -> known.id.equals(grant.grantId())))
                                .single())
                        .grantId();
                model.grants.add(new LedgerModel.Grant(id, seconds, 0, 100, null, model.grants.size()));
            }
        }

        /** Sends a write one to three times at once; what posted, or was refused, is the answer. */
        private <O> O repeated(Supplier<Mono<O>> write, Class<? extends O> alreadyPosted) {
            List<O> outcomes = get(Flux.range(0, 1 + random.nextInt(3))
                    .flatMap(i -> write.get())
                    .collectList());
            List<O> first = outcomes.stream()
                    .filter(outcome -> !alreadyPosted.isInstance(outcome))
                    .toList();
            assertThat(first.stream().distinct()).hasSize(1);
            if (first.size() > 1) {
                assertThat(first.getFirst().getClass().getSimpleName()).isNotEqualTo("Posted");
            }
            return first.getFirst();
        }

        private Picked pick() {
            List<UUID> ids = new ArrayList<>(model.holds.keySet());
            if (ids.isEmpty()) {
                return new Picked(null, null);
            }
            UUID id = ids.get(random.nextInt(ids.size()));
            return new Picked(id, model.holds.get(id));
        }

        void check() {
            for (LedgerModel.Grant grant : model.grants) {
                Map<String, Object> row = database.query(
                                "select available_seconds, held_seconds, captured_seconds, broken_seconds,"
                                        + " refunded_seconds, refunded_micros, (select coalesce(sum(amount), 0)::bigint"
                                        + " from ledger_entries e where e.grant_id = g.grant_id and"
                                        + " account in ('clawback_receivable', 'concession')) as lost,"
                                        + " revenue_micros + breakage_micros as earned from ledger_grants g where grant_id = '"
                                        + grant.id + "'")
                        .getFirst();
                assertThat(row)
                        .containsEntry("available_seconds", (long) grant.count(LedgerModel.Fate.AVAILABLE))
                        .containsEntry("held_seconds", (long) grant.count(LedgerModel.Fate.HELD))
                        .containsEntry("captured_seconds", (long) grant.count(LedgerModel.Fate.CHARGED))
                        .containsEntry("broken_seconds", (long) grant.count(LedgerModel.Fate.BROKEN))
                        .containsEntry("refunded_seconds", (long) grant.count(LedgerModel.Fate.REFUNDED))
                        .containsEntry("refunded_micros", grant.refundedMicros())
                        .containsEntry("lost", grant.takenBackMicros() - grant.refundedMicros())
                        .containsEntry("earned", grant.earnedMicros());
            }
            for (Map.Entry<UUID, LedgerModel.Hold> hold : model.holds.entrySet()) {
                assertThat(ledger.find(hold.getKey()).state()).isEqualTo(hold.getValue().state);
            }
            ledger.assertAuditClean();
        }
    }

    private interface WithHold {
        void accept(UUID id, LedgerModel.Hold hold);
    }

    private record Picked(@Nullable UUID id, LedgerModel.@Nullable Hold hold) {
        void ifPresent(WithHold action) {
            if (id != null && hold != null) {
                action.accept(id, hold);
            }
        }
    }
}
