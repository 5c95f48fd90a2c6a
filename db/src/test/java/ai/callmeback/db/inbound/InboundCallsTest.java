package ai.callmeback.db.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.call.Briefs;
import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.DialIntent;
import ai.callmeback.db.call.DialIntents;
import ai.callmeback.db.ledger.CaptureRequest;
import ai.callmeback.db.ledger.GrantOutcome;
import ai.callmeback.db.ledger.GrantRequest;
import ai.callmeback.db.ledger.GrantSource;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.ledger.ReleaseRequest;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallDirection;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.inbound.InboundRefusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class InboundCallsTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final E164 SARAH = new E164("+15005550007");
    private static final int CAP = 1_000;
    private static final AtomicInteger NUMBERS = new AtomicInteger(2_000);

    private InboundCalls inbound;
    private Ledger ledger;

    @BeforeEach
    void open() {
        ledger = Ledger.on(DB.client(), InstantSource.fixed(NOW));
        inbound = new InboundCalls(DB.client(), DB.transactions(), ledger);
        DB.execute("update switches set enabled = true");
    }

    @Test
    void aUserIsLetInWithTheLongestTalkTheCreditReachesAndABriefThatKnowsTheName() {
        Person ann = person(700);
        CallId id = accepted(ring("CA-ann", ann.number()));

        CallRecord call = new CallStore(DB.client(), DB.transactions()).find(id).block();
        assertThat(call.direction()).isEqualTo(CallDirection.INBOUND);
        assertThat(call.status()).isEqualTo(CallStatus.RINGING);
        assertThat(call.userId()).isEqualTo(ann.id());
        assertThat(call.phone()).as("the persona's, not the caller's").isEqualTo(SARAH);
        assertThat(call.plannedSeconds()).isEqualTo(600);
        assertThat(call.policy().maxAttempts()).isEqualTo(1);
        assertThat(ledger.balance(ann.id()).block().held()).isEqualTo(new Credits(600));
        assertThat(new Briefs(DB.client()).get(id, 1).block()).satisfies(brief -> {
            assertThat(brief.greeting()).contains("Ann", "Sarah");
            assertThat(brief.mind().systemPrompt()).contains("Ann has rung you");
            assertThat(brief.plannedSeconds()).isEqualTo(600);
        });
        DialIntent intent = new DialIntents(DB.client()).find(id, 1).block();
        assertThat(intent.state()).isEqualTo(DialIntent.State.ACCEPTED);
        assertThat(intent.callSid()).isEqualTo("CA-ann");
        assertThat(DB.query("select kind from call_outbox where call_id = '" + id + "'"))
                .as("its workflow is asked for")
                .singleElement()
                .satisfies(row -> assertThat(row.get("kind")).isEqualTo("start"));
    }

    /** Guard: the primary key of {@code inbound_calls}. */
    @Test
    void aCallOfTheTelephonyBecomesOneCallHoweverOftenAndHowFastItIsTold() {
        Person ann = person(900);
        List<InboundOutcome> outcomes = Flux.range(0, 8)
                .flatMap(n -> inbound.answer(ring("CA-twice", ann.number()), CAP), 8)
                .collectList()
                .block();
        assertThat(outcomes).hasSize(8).containsOnly(outcomes.getFirst());
        assertThat(outcomes.getFirst()).isInstanceOf(InboundOutcome.Accepted.class);
        assertThat(DB.query("select 1 from calls where user_id = '" + ann.id() + "'"))
                .hasSize(1);
        assertThat(ledger.balance(ann.id()).block().held()).isEqualTo(new Credits(900));
        assertThat(inbound.find("CA-twice").block())
                .isEqualTo(((InboundOutcome.Accepted) outcomes.getFirst()).callId());
    }

    @Test
    void whoIsTurnedAwayHoldsNothingAndTheReasonStands() {
        Person poor = person(100);
        DB.execute("update first_call_offer set active = false");
        assertRefused(InboundRefusal.INSUFFICIENT_CREDIT, ring("CA-poor", poor.number()));
        grant(poor.id(), 900);
        assertRefused(InboundRefusal.INSUFFICIENT_CREDIT, ring("CA-poor", poor.number()));
        accepted(ring("CA-rich", poor.number()));
        assertRefused(InboundRefusal.TOO_MANY_CALLS, ring("CA-rich-again", poor.number()));

        Person gone = person(900);
        DB.execute("update users set status = 'suspended' where id = '" + gone.id() + "'");
        assertRefused(InboundRefusal.USER_NOT_ACTIVE, ring("CA-gone", gone.number()));
        assertRefused(InboundRefusal.NUMBER_WITHHELD, ring("CA-hidden", null));
        assertRefused(InboundRefusal.NUMBER_NOT_ASSIGNED, ring("CA-nobody", number(), null));
        DB.execute("update switches set enabled = false where name = 'answering'");
        assertRefused(
                InboundRefusal.ANSWERING_STOPPED, ring("CA-stopped", person(900).number()));
        DB.execute("update first_call_offer set active = true");
        assertThat(DB.query("select call_sid from inbound_calls where outcome = 'deciding'"))
                .isEmpty();
        assertThat(ledger.audit().block().ok()).isTrue();
    }

    @Test
    void aCallCountsAgainstThePlanAndBeyondItOtherCreditPaysAsFarAsItReaches() {
        Person ann = person(0);
        DB.execute("update users set max_concurrent_calls = 5 where id = '" + ann.id() + "'");
        plan(ann.id(), 3_600, 1);
        accepted(ring("CA-plan-1", ann.number()));
        assertThat(ledger.balance(ann.id()).block().held()).isEqualTo(new Credits(900));
        assertRefused(InboundRefusal.PLAN_CALLS_USED_UP, ring("CA-plan-2", ann.number()));
        grant(ann.id(), 200);
        accepted(ring("CA-plan-3", ann.number()));
        assertThat(ledger.balance(ann.id()).block().held())
                .as("what the plan has left is not touched")
                .isEqualTo(new Credits(900 + 180));
    }

    /** A period of a plan that allows so many calls. */
    private void plan(UserId user, long seconds, int calls) {
        UUID subscription = UUID.randomUUID();
        GrantOutcome granted = ledger.grant(new GrantRequest(
                        "invoice:" + subscription,
                        user,
                        new Credits(seconds),
                        GrantSource.SUBSCRIPTION,
                        UsdMicros.ZERO,
                        GrantRequest.USUAL_PRIORITY,
                        NOW.plus(Duration.ofDays(30))))
                .block();
        UUID grant = ((GrantOutcome.Posted) granted).receipt().grantId();
        String plan = "(select code from products where kind = 'plan' and fair_use_limit_calls is null limit 1)";
        DB.execute("insert into subscriptions (id, user_id, plan_code, status, idempotency_key, request, created_at,"
                + " updated_at) values ('" + subscription + "', '" + user + "', " + plan
                + ", 'ACTIVE', 'k', '{}', now(),"
                + " now())");
        DB.execute("insert into subscription_periods values ('in_" + subscription + "', '" + subscription + "', '"
                + user
                + "', 'create', " + plan + ", '2026-11-01', '" + NOW.plus(Duration.ofDays(30)) + "', " + seconds + ", "
                + calls + ", 0, '"
                + grant + "', null, true, now())");
    }

    @Test
    void aUsersFirstCallIsFreeWhoeverRingsWhom() {
        Person fresh = person(0);
        CallId id = accepted(ring("CA-fresh", fresh.number()));
        assertThat(ledger.balance(fresh.id()).block().held()).isEqualTo(new Credits(300));
        assertThat(DB.query("select call_is_free('" + id + "') as free"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("free")).isEqualTo(true));
    }

    @Test
    void anUnknownNumberTalksThreeMinutesForNothingOnceAndIsKeptAsAHashOnly() {
        E164 stranger = number();
        CallId id = accepted(ring("CA-stranger", stranger));
        CallRecord call = new CallStore(DB.client(), DB.transactions()).find(id).block();
        assertThat(call.plannedSeconds()).isEqualTo(180);
        assertThat(new Briefs(DB.client()).get(id, 1).block().greeting()).contains("three minutes");
        String everything = DB.query("select row_to_json(c)::text as t from calls c where id = '" + id + "' union all"
                        + " select row_to_json(u)::text from users u where id = '" + call.userId() + "' union all"
                        + " select row_to_json(d)::text from dial_intents d where call_id = '" + id + "' union all"
                        + " select row_to_json(i)::text from inbound_calls i where call_id = '" + id + "' union all"
                        + " select content::text from briefs where call_id = '" + id + "' union all"
                        + " select row_to_json(e)::text from call_events e where call_id = '" + id + "'")
                .toString();
        assertThat(everything).doesNotContain(stranger.value().substring(1));

        assertRefused(InboundRefusal.FREE_CALL_USED, ring("CA-stranger-meanwhile", stranger));
        ledger.capture(new CaptureRequest(id.value(), new Credits(50), "by_the_second"))
                .block();
        assertRefused(InboundRefusal.FREE_CALL_USED, ring("CA-stranger-later", stranger));
        assertThat(ledger.audit().block().ok()).isTrue();
    }

    @Test
    void aFreeCallThatCameToNothingMayBeMadeAgainThreeTimesInAll() {
        E164 stranger = number();
        for (int i = 0; i < 3; i++) {
            CallId id = accepted(ring("CA-unlucky-" + i, stranger));
            ledger.release(new ReleaseRequest(id.value(), "too_short")).block();
        }
        assertRefused(InboundRefusal.FREE_CALL_USED, ring("CA-unlucky-4", stranger));
    }

    @Test
    void thePlatformsCapHoldsToTheCallAndEndsAtMidnight() {
        Instant day = Instant.parse("2027-01-05T23:59:00Z");
        List<InboundOutcome> outcomes = Flux.range(0, 8)
                .flatMap(n -> inbound.answer(ringAt("CA-cap-" + n, number(), day), 3), 8)
                .collectList()
                .block();
        assertThat(outcomes)
                .filteredOn(InboundOutcome.Accepted.class::isInstance)
                .hasSize(3);
        assertThat(outcomes)
                .filteredOn(InboundOutcome.Refused.class::isInstance)
                .containsOnly(new InboundOutcome.Refused(InboundRefusal.DAILY_CAP_REACHED));
        assertThat(inbound.answer(ringAt("CA-next-day", number(), day.plus(Duration.ofMinutes(2))), 3)
                        .block())
                .isInstanceOf(InboundOutcome.Accepted.class);
        Person ann = person(900);
        assertThat(inbound.answer(ringAt("CA-cap-ann", ann.number(), day), 3).block())
                .as("a user is none of the cap's business")
                .isInstanceOf(InboundOutcome.Accepted.class);
    }

    @Test
    void aBlockedCallerIsTurnedAwayUntilItIsLetInAgain() {
        InboundDesk desk = new InboundDesk(DB.client());
        E164 pest = number();
        assertThat(inbound.answer(ring("CA-pest-1", pest), CAP).block()).isInstanceOf(InboundOutcome.Accepted.class);
        byte[] hash = desk.callerOf("CA-pest-1").block();
        var blocked = desk.block(UUID.randomUUID(), hash, "rude", "u-op", NOW).block();
        assertThat(desk.block(UUID.randomUUID(), hash, "again", "u-op", NOW).block())
                .isEqualTo(blocked);
        assertRefused(InboundRefusal.CALLER_BLOCKED, ring("CA-pest-2", pest));
        assertThat(desk.latest(1).blockFirst()).satisfies(entry -> {
            assertThat(entry.outcome()).isIn("caller_blocked", "accepted");
            assertThat(entry.caller()).isEqualTo(blocked.caller());
        });
        assertThat(desk.unblock(blocked.id()).block()).isTrue();
        assertThat(desk.unblock(blocked.id()).block()).isFalse();
        assertThat(desk.blocked(10).collectList().block()).doesNotContain(blocked);
    }

    @Test
    void manyMayRingOnePersonaAtOnceWhileWhatWeDialStaysOneAtATime() {
        accepted(ring("CA-both-1", person(900).number()));
        accepted(ring("CA-both-2", person(900).number()));
        assertThat(DB.query("select indexdef from pg_indexes where indexname = 'dial_intents_open_number'"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("indexdef").toString()).contains("NOT inbound", "UNIQUE"));
    }

    private CallId accepted(InboundRing ring) {
        InboundOutcome outcome = inbound.answer(ring, CAP).block();
        assertThat(outcome).isInstanceOf(InboundOutcome.Accepted.class);
        return ((InboundOutcome.Accepted) outcome).callId();
    }

    private void assertRefused(InboundRefusal why, InboundRing ring) {
        assertThat(inbound.answer(ring, CAP).block()).isEqualTo(new InboundOutcome.Refused(why));
        assertThat(inbound.find(ring.callSid()).blockOptional()).isEmpty();
    }

    private record Person(UserId id, E164 number) {}

    private Person person(long seconds) {
        UserId id = new UserId(UUID.randomUUID());
        E164 number = number();
        DB.execute("insert into users (id, email, password_hash, display_name, pseudonym, phone_e164) values ('" + id
                + "', '" + id + "@example.com', 'x', 'Ann', 'u-" + id + "', '" + number.value() + "')");
        if (seconds > 0) {
            grant(id, seconds);
        }
        return new Person(id, number);
    }

    private void grant(UserId user, long seconds) {
        Mono<?> granted = ledger.grant(
                GrantRequest.free("test-" + UUID.randomUUID(), user, new Credits(seconds), GrantSource.PROMO));
        granted.block();
    }

    private static E164 number() {
        return new E164("+1415555" + NUMBERS.incrementAndGet());
    }

    private static InboundRing ring(String sid, @Nullable E164 caller) {
        return ring(sid, caller, new PersonaId("sarah_001"));
    }

    private static InboundRing ringAt(String sid, E164 caller, Instant at) {
        return new InboundRing(
                sid,
                new PersonaId("sarah_001"),
                SARAH,
                caller(caller),
                new CallId(UUID.randomUUID()),
                new UserId(UUID.randomUUID()),
                "g-" + UUID.randomUUID(),
                at);
    }

    private static InboundRing ring(String sid, @Nullable E164 caller, @Nullable PersonaId persona) {
        return new InboundRing(
                sid,
                persona,
                SARAH,
                caller == null ? null : caller(caller),
                new CallId(UUID.randomUUID()),
                new UserId(UUID.randomUUID()),
                "g-" + UUID.randomUUID(),
                NOW);
    }

    /** The database never learns how a hash is made; any will do. */
    private static InboundRing.Caller caller(E164 number) {
        return new InboundRing.Caller(
                number, Integer.toHexString(number.value().hashCode()).repeat(4).getBytes(StandardCharsets.UTF_8));
    }
}
