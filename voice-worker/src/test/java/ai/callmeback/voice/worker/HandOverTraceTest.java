package ai.callmeback.voice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.call.Briefs;
import ai.callmeback.db.call.ConversationJournal;
import ai.callmeback.db.call.Greetings;
import ai.callmeback.db.call.LostLeg;
import ai.callmeback.db.call.MediaOwners;
import ai.callmeback.db.call.StreamTokens;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.domain.conversation.JournalEvent;
import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.vendors.trace.CallSpan;
import ai.callmeback.voice.call.CallJournal;
import ai.callmeback.voice.call.TestCall;
import ai.callmeback.voice.call.VirtualTime;
import ai.callmeback.voice.journal.JournalWriter;
import ai.callmeback.voice.mouth.PhraseCache;
import ai.callmeback.voice.mouth.Voices;
import ai.callmeback.voice.socket.MediaClaims.Claim;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two workers on a real database, of which the first is killed. */
class HandOverTraceTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private final List<CallSpan> spans = new CopyOnWriteArrayList<>();
    private final MediaOwners owners = new MediaOwners(DB.client());

    @Test
    void theLegThatWasKilledIsToldOfByTheOneThatTakesItsPlace() {
        CallId call = talking();
        assertThat(claims("w1").claim(call + "-1", "CA1").join()).isInstanceOf(Claim.Granted.class);
        assertThat(spans).as("nobody was before").isEmpty();
        JournalEvent last = new JournalEvent(
                call,
                1,
                1,
                NOW.minusMillis(900),
                JournalKind.USER_SAID,
                1,
                0,
                "Tell me more.",
                List.of(),
                null,
                false,
                null,
                null);
        assertThat(new ConversationJournal(DB.client())
                        .appendBatch("w1", List.of(last), NOW)
                        .collectList()
                        .block())
                .isEmpty();

        assertThat(claims("w2").claim(call + "-2", "CA1").join()).isInstanceOf(Claim.Granted.class);
        assertThat(spans).singleElement().satisfies(gap -> {
            assertThat(gap.call()).isEqualTo(call);
            assertThat(gap.name()).isEqualTo("hand over");
            assertThat(gap.error()).isEqualTo("leg_lost");
            assertThat(gap.attributes())
                    .containsEntry("leg.before", 1)
                    .containsEntry("leg", 2)
                    .containsEntry("gap_ms", 900L);
        });
    }

    @Test
    void aLegThatEndsIsToldOfByItsWorkerAndByNobodyElse() throws InterruptedException {
        CallId call = talking();
        assertThat(claims("w1").claim(call + "-1", "CA1").join()).isInstanceOf(Claim.Granted.class);
        ends("w1", call);
        assertThat(legs()).containsExactly("user_hung_up");
        assertThat(lostLegs(call)).isEmpty();
    }

    /** Guard: {@link CallJournal#whenTaken}. A worker that was frozen sees its socket gone, and nothing of the next leg. */
    @Test
    void aLegThatWasOvertakenIsNotToldOfByTheWorkerThatStillLives() throws InterruptedException {
        CallId call = talking();
        assertThat(claims("w1").claim(call + "-1", "CA1").join()).isInstanceOf(Claim.Granted.class);
        assertThat(claims("w2").claim(call + "-2", "CA1").join()).isInstanceOf(Claim.Granted.class);
        ends("w1", call);
        assertThat(legs()).isEmpty();
        assertThat(lostLegs(call)).contains(1);
    }

    /** Guard: the update in {@code take_lost_legs}. The frozen worker had the last leg, and nobody came after it. */
    @Test
    void aLegThatWasTakenForLostIsNotToldOfByAWorkerThatWakesUp() throws InterruptedException {
        CallId call = talking();
        assertThat(claims("w1").claim(call + "-1", "CA1").join()).isInstanceOf(Claim.Granted.class);
        assertThat(lostLegs(call)).containsExactly(1);
        ends("w1", call);
        assertThat(legs()).isEmpty();
        assertThat(lostLegs(call)).as("a repeat answers the same").containsExactly(1);
    }

    private List<Integer> lostLegs(CallId call) {
        return owners.takeLostLegs(call).map(LostLeg::mediaLeg).collectList().block();
    }

    private List<Object> legs() {
        return spans.stream()
                .filter(span -> span.name().equals("leg"))
                .map(span -> span.attributes().get("end.reason"))
                .toList();
    }

    /** The first leg of the call ends on this worker, as it sees it. */
    private void ends(String incarnation, CallId call) throws InterruptedException {
        ConversationJournal store = new ConversationJournal(DB.client());
        JournalWriter writer = new JournalWriter(
                        lines -> store.appendBatch(incarnation, lines, NOW)
                                .map(leg -> new JournalWriter.Leg(leg.callId(), leg.mediaLeg()))
                                .collectList()
                                .block(),
                        leg -> {},
                        InstantSource.fixed(NOW))
                .start();
        VirtualTime time = new VirtualTime();
        VoiceMeter meter =
                new VoiceMeter(new SimpleMeterRegistry(), new VoiceTraces(spans::add, InstantSource.fixed(NOW)));
        CallJournal journal = writer.open(time.loop(), call, 1);
        journal.add(new CallJournal.Line(
                JournalKind.NOTE, 0, 0, "", List.of(), null, false, null, "{\"legOver\":\"user_hung_up\"}"));
        journal.whenTaken(() -> meter.legOver(TestCall.setup(call), NOW, 1, "user_hung_up"));
        CountDownLatch written = new CountDownLatch(1);
        journal.whenWritten(written::countDown);
        time.pass(100);
        assertThat(written.await(10, TimeUnit.SECONDS)).isTrue();
        writer.close();
    }

    private DatabaseClaims claims(String incarnation) {
        InstantSource clock = InstantSource.fixed(NOW);
        return new DatabaseClaims(
                owners,
                new Greetings(DB.client()),
                new PhraseCache(),
                new Voices("eleven_flash_v2_5", "usual", System::nanoTime),
                incarnation,
                new VoiceMeter(new SimpleMeterRegistry(), new VoiceTraces(spans::add, clock)),
                clock);
    }

    /** A call that was answered, with two streams offered for it. */
    private static CallId talking() {
        UUID user = UUID.randomUUID();
        CallId call = new CallId(UUID.randomUUID());
        DB.execute("insert into users (id, email, password_hash, display_name, pseudonym) values ('" + user + "', '"
                + user + "@example.com', 'x', 'Ann', 'u-" + user + "')");
        DB.execute("insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,"
                + " scheduled_for, callback_policy, status, attempt, answered_at, created_at, updated_at) values ('"
                + call + "', '" + user + "', '\\x00', 'brad_001', '+14155550123', 300, true, now(), '{}',"
                + " 'IN_PROGRESS', 1, now(), now(), now())");
        DB.execute("insert into dial_intents (call_id, attempt, number, state, begun_at, updated_at) values ('" + call
                + "', 1, 'n-" + call + "', 'ACCEPTED', now(), now())");
        for (int ordinal = 1; ordinal <= 2; ordinal++) {
            byte[] hash = StreamTokens.hash(call + "-" + ordinal);
            DB.execute("insert into stream_tokens (token_hash, call_id, attempt, ordinal, issued_at, expires_at)"
                    + " values ('\\x" + java.util.HexFormat.of().formatHex(hash) + "', '" + call + "', 1, " + ordinal
                    + ", now(), now() + interval '1 hour')");
        }
        Brief brief = TestCall.brief();
        new Briefs(DB.client())
                .put(
                        new Brief(
                                call,
                                1,
                                brief.voice(),
                                brief.mind(),
                                brief.greeting(),
                                brief.resumption(),
                                brief.farewell(),
                                brief.timeWarning(),
                                brief.trouble(),
                                brief.fillers(),
                                brief.idlePrompts(),
                                300,
                                "",
                                NOW.minusSeconds(60)),
                        NOW)
                .block();
        return call;
    }
}
