package ai.callmeback.db.call;

import static ai.callmeback.db.call.CallFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.conversation.JournalEvent;
import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.domain.policy.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class MediaOwnersTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private CallFixture fixture;

    @BeforeEach
    void open() {
        fixture = new CallFixture(DB);
    }

    @Test
    void aClaimBringsAllAWorkerNeeds() {
        CallRecord call = fixture.dialing();
        String token = fixture.offer(call, 1, "w1", "w2").getFirst();
        assertThat(claim(token, "w1")).isInstanceOfSatisfying(ClaimOutcome.Claimed.class, claimed -> {
            assertThat(claimed.callId()).isEqualTo(call.id());
            assertThat(claimed.mediaLeg()).isEqualTo(1);
            assertThat(claimed.callSid()).isEqualTo("CA" + call.id());
            assertThat(claimed.plannedSeconds()).isEqualTo(300);
            assertThat(claimed.brief()).isEqualTo(CallFixture.brief(call.id(), 1));
            assertThat(claimed.journal()).isEmpty();
        });
    }

    /** Guard: {@code claimed_at} and {@code ordinal} in {@code claim_media}. */
    @Test
    void aTokenIsGoodForOneSocketAndAnOlderOneIsStale() {
        CallRecord call = fixture.dialing();
        List<String> tokens = fixture.offer(call, 1, "w1", "w2", "w3");
        List<ClaimOutcome> outcomes = Flux.range(0, 8)
                .flatMap(
                        i -> fixture.owners
                                .claim(StreamTokens.hash(tokens.get(1)), "w2", Limits.MEDIA_LEASE)
                                .subscribeOn(Schedulers.boundedElastic()),
                        8)
                .collectList()
                .block(Duration.ofSeconds(20));
        assertThat(outcomes).filteredOn(ClaimOutcome.Claimed.class::isInstance).hasSize(1);
        assertThat(claim(tokens.getFirst(), "w1")).isInstanceOf(ClaimOutcome.Stale.class);
        assertThat(claim(tokens.get(2), "w3")).isInstanceOf(ClaimOutcome.Claimed.class);
        assertThat(claim("forged", "w1")).isInstanceOf(ClaimOutcome.Unknown.class);
    }

    @Test
    void anAbandonedAttemptGetsNoMedia() {
        CallRecord call = fixture.dialing();
        DB.execute("update dial_intents set state = 'ABANDONED' where call_id = '" + call.id() + "'");
        assertThat(claim(fixture.offer(call, 1, "w1").getFirst(), "w1")).isInstanceOf(ClaimOutcome.Stale.class);
    }

    @Test
    void aLaterStreamTakesOverWithTheJournalAndFencesTheOldOwner() {
        CallRecord call = fixture.dialing();
        List<String> tokens = fixture.offer(call, 1, "w1", "w2");
        claim(tokens.getFirst(), "w1");
        JournalEvent heard = said(call, 1, 1, "The code word is tangerine.");
        assertThat(append("w1", heard)).isEmpty();
        assertThat(append("w1", heard)).as("a repeat").isEmpty();

        assertThat(claim(tokens.get(1), "w2")).isInstanceOfSatisfying(ClaimOutcome.Claimed.class, claimed -> {
            assertThat(claimed.mediaLeg()).isEqualTo(2);
            assertThat(claimed.journal()).containsExactly(heard);
        });
        assertThat(append("w1", said(call, 1, 2, "too late")))
                .containsExactly(new ConversationJournal.Fenced(call.id(), 1));
        assertThat(renew("w1", call).owned()).isFalse();
        assertThat(renew("w2", call).owned()).isTrue();
        assertThat(fixture.transcripts.turns(call.id()).collectList().block())
                .extracting(CallTranscripts.CallTurn::text)
                .containsExactly("The code word is tangerine.");
        assertThat(fixture.events
                        .since(call.id(), 0, 50)
                        .map(CallEvent::kind)
                        .collectList()
                        .block())
                .containsOnlyOnce("turn");
        assertThat(fixture.transcripts.userWords(call.id(), List.of(1)).block()).isEqualTo(5);
        assertThat(fixture.transcripts.userWords(call.id(), List.of(2)).block()).isZero();
    }

    /** Of a turn that is over what was said is enough; of one that was open when its worker died, all that is known. */
    @Test
    void aClaimBringsTurnsThatAreOverWithoutTheirPlansAndOpenOnesWhole() {
        CallRecord call = fixture.dialing();
        List<String> tokens = fixture.offer(call, 1, "w1", "w2");
        claim(tokens.getFirst(), "w1");
        List<JournalEvent> over = List.of(
                turnLine(call, 1, JournalKind.USER_PARTIAL, 1, "Good"),
                turnLine(call, 2, JournalKind.USER_SAID, 1, "Good morning."),
                turnLine(call, 3, JournalKind.AGENT_PLANNED, 2, "And to you."),
                turnLine(call, 4, JournalKind.AGENT_HEARD, 2, ""),
                turnLine(call, 5, JournalKind.AGENT_SAID, 2, "And to you."));
        List<JournalEvent> open = List.of(
                turnLine(call, 6, JournalKind.USER_PARTIAL, 3, "Well"),
                turnLine(call, 7, JournalKind.AGENT_PLANNED, 4, "Yes?"),
                turnLine(call, 8, JournalKind.AGENT_HEARD, 4, ""));
        append("w1", over.toArray(JournalEvent[]::new));
        append("w1", open.toArray(JournalEvent[]::new));

        assertThat(claim(tokens.get(1), "w2"))
                .isInstanceOfSatisfying(
                        ClaimOutcome.Claimed.class,
                        claimed -> assertThat(claimed.journal())
                                .extracting(JournalEvent::sequence)
                                .containsExactly(2L, 5L, 6L, 7L, 8L));
    }

    private static JournalEvent turnLine(CallRecord call, long sequence, JournalKind kind, int turn, String text) {
        return new JournalEvent(call.id(), 1, sequence, NOW, kind, turn, 0, text, List.of(), null, false, null, null);
    }

    /** Lost media between legs is counted to the first audio, not to the claim: the claim alone is heard by nobody. */
    @Test
    void theGapBetweenLegsLastsFromTheLastSignOfLifeToTheFirstAudio() {
        CallRecord call = fixture.dialing();
        List<String> tokens = fixture.offer(call, 1, "w1", "w2");
        claim(tokens.getFirst(), "w1");
        DB.execute("update media_owners set renewed_at = '" + NOW.minusSeconds(1) + "' where call_id = '" + call.id()
                + "'");
        append("w1", line(call, 1, 1, JournalKind.AGENT_HEARD, NOW));
        claim(tokens.get(1), "w2");
        append("w2", line(call, 2, 1, JournalKind.LEG_STARTED, NOW.plusMillis(2_000)));
        append("w2", line(call, 2, 2, JournalKind.AGENT_PLANNED, NOW.plusMillis(6_400)));
        append("w2", line(call, 2, 3, JournalKind.AGENT_PLANNED, NOW.plusMillis(9_000)));

        assertThat(gap(call)).isEqualTo(6_400);
        assertThat(fixture.owners.gapsMs(call.id(), List.of(2)).block())
                .as("another ring")
                .isZero();
    }

    /** Nobody was due when it stepped down, and the caller may have spoken long after that: no call is free by a deploy. */
    @Test
    void afterALegThatSteppedDownTheNextCarriesFromItsBeginning() {
        CallRecord call = fixture.dialing();
        List<String> tokens = fixture.offer(call, 1, "w1", "w2");
        claim(tokens.getFirst(), "w1");
        DB.execute("update media_owners set renewed_at = '" + NOW.minusSeconds(1) + "' where call_id = '" + call.id()
                + "'");
        append("w1", noted(call, 1, 1, "{\"legOver\":\"drain\"}"));
        claim(tokens.get(1), "w2");
        append("w2", line(call, 2, 1, JournalKind.LEG_STARTED, NOW.plusMillis(200)));
        append("w2", line(call, 2, 2, JournalKind.AGENT_PLANNED, NOW.plusMillis(9_000)));

        assertThat(gap(call)).isEqualTo(200);
    }

    /** A leg may have been silent when it died: then its lease was its last sign of life. */
    @Test
    void aRenewalAfterTheLastJournalLineIsASignOfLife() {
        CallRecord call = fixture.dialing();
        List<String> tokens = fixture.offer(call, 1, "w1", "w2");
        claim(tokens.getFirst(), "w1");
        append("w1", line(call, 1, 1, JournalKind.AGENT_HEARD, NOW.minusSeconds(30)));
        DB.execute("update media_owners set renewed_at = '" + NOW + "' where call_id = '" + call.id() + "'");
        claim(tokens.get(1), "w2");
        append("w2", line(call, 2, 1, JournalKind.AGENT_PLANNED, NOW.plusMillis(700)));

        assertThat(gap(call)).isEqualTo(700);
    }

    @Test
    void aLegThatNeverSpokeLostAllUpToTheEndOfTheCall() {
        CallRecord call = fixture.dialing();
        List<String> tokens = fixture.offer(call, 1, "w1", "w2");
        claim(tokens.getFirst(), "w1");
        DB.execute("update media_owners set renewed_at = '" + NOW + "' where call_id = '" + call.id() + "'");
        claim(tokens.get(1), "w2");
        DB.execute(
                "update dial_intents set ended_at = '" + NOW.plusSeconds(11) + "' where call_id = '" + call.id() + "'");

        assertThat(gap(call)).isEqualTo(11_000);
    }

    @Test
    void theConversationOfTheCurrentAttemptIsMarkedAsCutOff() {
        CallRecord call = fixture.dialing();
        fixture.intents.cutOff(call.id(), NOW).block();
        fixture.intents.cutOff(call.id(), NOW).block();
        assertThat(fixture.intents.find(call.id(), 1).block().cutOff()).isTrue();
    }

    @Test
    void hangingUpAndExtendingReachTheOwnerByItsLease() {
        CallRecord call = fixture.dialing();
        claim(fixture.offer(call, 1, "w1").getFirst(), "w1");
        fixture.owners.requestHangUp(call.id(), "user").block();
        fixture.owners.requestHangUp(call.id(), "system").block();
        fixture.calls.extendTo(call.id(), 120, NOW).block();
        MediaLease lease = renew("w1", call);
        assertThat(lease.hangUp()).isEqualTo("user");
        assertThat(lease.plannedSeconds()).isEqualTo(420);
        assertThat(lease.callSid()).isEqualTo("CA" + call.id());
    }

    /** Guard: what was heard stands; without it a later, wrong verdict of the telephony would charge for a machine. */
    @Test
    void whoPickedUpReachesTheOwnerByItsLeaseAndWhatWasHeardStands() {
        CallRecord call = fixture.dialing();
        claim(fixture.offer(call, 1, "w1").getFirst(), "w1");
        assertThat(renew("w1", call).answeredBy()).isNull();
        report(call, "machine_start");
        assertThat(renew("w1", call).answeredBy()).isEqualTo("machine_start");
        report(call, "human");
        fixture.intents.machineHeard(call.id(), 1, NOW).block();
        report(call, "human");
        assertThat(renew("w1", call).answeredBy()).isEqualTo("machine_heard");
    }

    private void report(CallRecord call, String answeredBy) {
        fixture.intents
                .reported(call.id(), 1, new DialIntents.Report("CA" + call.id(), null, null, answeredBy, null, NOW))
                .block();
    }

    @Test
    void aLeaseThatIsNotRenewedRunsOut() {
        CallRecord call = fixture.dialing();
        fixture.owners
                .claim(StreamTokens.hash(fixture.offer(call, 1, "w1").getFirst()), "w1", Duration.ofMillis(1))
                .block();
        org.awaitility.Awaitility.await()
                .until(() -> !fixture.owners.state(call.id()).block().alive());
        assertThat(fixture.owners.state(call.id()).block().released()).isFalse();
        fixture.owners.release(call.id(), 1, "w1").block();
        assertThat(fixture.owners.state(call.id()).block().released()).isTrue();
    }

    private ClaimOutcome claim(String token, String incarnation) {
        return fixture.owners
                .claim(StreamTokens.hash(token), incarnation, Limits.MEDIA_LEASE)
                .block();
    }

    private MediaLease renew(String incarnation, CallRecord call) {
        return fixture.owners
                .renew(incarnation, List.of(call.id()), Limits.MEDIA_LEASE)
                .blockLast();
    }

    private List<ConversationJournal.Fenced> append(String incarnation, JournalEvent... lines) {
        return fixture.journal
                .appendBatch(incarnation, List.of(lines), NOW)
                .collectList()
                .block();
    }

    private long gap(CallRecord call) {
        return fixture.owners.gapsMs(call.id(), List.of(1)).block();
    }

    private static JournalEvent line(CallRecord call, int leg, long sequence, JournalKind kind, Instant at) {
        return new JournalEvent(call.id(), leg, sequence, at, kind, 1, 0, "", List.of(), null, false, null, null);
    }

    private static JournalEvent noted(CallRecord call, int leg, long sequence, String detail) {
        return new JournalEvent(
                call.id(), leg, sequence, NOW, JournalKind.NOTE, 0, 0, "", List.of(), null, false, null, detail);
    }

    private static JournalEvent said(CallRecord call, int leg, long sequence, String text) {
        return new JournalEvent(
                call.id(),
                leg,
                sequence,
                NOW,
                JournalKind.USER_SAID,
                (int) sequence,
                0,
                text,
                List.of(),
                null,
                false,
                null,
                null);
    }
}
