package ai.callmeback.db.call;

import static ai.callmeback.db.call.CallFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.cost.PriceBook;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.db.usage.UsageStore;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.domain.usage.UsageTotals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Outbox, inbox, switches, workers and notifications. */
class RelayTablesTest {
    private static final Duration LEASE = Duration.ofSeconds(30);

    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private CallFixture fixture;

    @BeforeEach
    void open() {
        DB.execute("delete from call_outbox");
        fixture = new CallFixture(DB);
    }

    @Test
    void anOutboxRowLivesUntilItIsDone() {
        var outbox = new CallOutbox(DB.client());
        CallRecord call = fixture.accepted();
        var entry = outbox.lease(10, LEASE, NOW).blockLast();
        assertThat(entry.callId()).isEqualTo(call.id());
        assertThat(outbox.lease(10, LEASE, NOW).collectList().block())
                .as("leased")
                .isEmpty();
        assertThat(outbox.lease(10, LEASE, NOW.plus(LEASE)).collectList().block())
                .as("its relay died")
                .hasSize(1);
        outbox.done(entry.id()).block();
        assertThat(outbox.lease(10, LEASE, NOW.plusSeconds(600)).collectList().block())
                .isEmpty();
    }

    /** The promise of what follows a call is made by the write that completes it. */
    @Test
    void aCompletedCallAsksForWhatFollows() {
        var outbox = new CallOutbox(DB.client());
        CallRecord call = fixture.dialing();
        DB.execute("delete from call_outbox");
        for (CallStatus status : List.of(CallStatus.IN_PROGRESS, CallStatus.ENDED, CallStatus.SETTLED)) {
            fixture.calls
                    .move(call.id(), status, CallStore.Move.of("step-" + status), NOW)
                    .block();
        }
        assertThat(outbox.lease(10, LEASE, NOW).collectList().block()).isEmpty();

        fixture.calls
                .move(call.id(), CallStatus.COMPLETED, CallStore.Move.of("completed-1"), NOW)
                .block();
        assertThat(outbox.lease(10, LEASE, NOW).collectList().block())
                .singleElement()
                .satisfies(entry -> assertThat(entry.task()).isEqualTo(CallOutbox.Task.AFTER));
    }

    /** Usage nobody waits for any more is kept, and its costs are asked for once. */
    @Test
    void lateUsageAsksForItsCostsOnce() {
        var outbox = new CallOutbox(DB.client());
        var usage = UsageStore.on(DB.client(), PriceBook.on(DB.client()));
        CallRecord call = fixture.accepted();
        DB.execute("delete from call_outbox");
        var report = new UsageReport(call.id(), 1, 7, NOW, 60_000, true, UsageTotals.NONE);

        assertThat(usage.recordLate(report).block()).isTrue();
        assertThat(usage.recordLate(report).block()).as("a repeat").isFalse();

        Instant soon = Instant.now().plusSeconds(60);
        assertThat(outbox.lease(10, LEASE, soon).collectList().block())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.callId()).isEqualTo(call.id());
                    assertThat(entry.task()).isEqualTo(CallOutbox.Task.COSTS);
                });
        assertThat(usage.summary(call.id()).block().complete()).isTrue();
    }

    /** Guards: unique call_outbox_once and call_events_once, against a write that forgot that there was one. */
    @Test
    void aTaskIsAskedForOnceAndAnEventSaidOnce() {
        fixture.accepted();
        assertThatThrownBy(() -> DB.execute("insert into call_outbox (call_id, kind, created_at, next_attempt_at)"
                        + " select call_id, kind, created_at, next_attempt_at from call_outbox"))
                .hasMessageContaining("call_outbox_once");
        assertThatThrownBy(() -> DB.execute("insert into call_events (call_id, seq, kind, data, at, dedupe_key)"
                        + " select call_id, seq + 1000, kind, data, at, dedupe_key from call_events"))
                .hasMessageContaining("call_events_once");
    }

    @Test
    void aRepeatedWebhookVanishesAndAnUnknownCallIsRefused() {
        var inbox = new WebhookInbox(DB.client());
        CallRecord call = fixture.accepted();
        var message = new InboxMessage(
                0, "twilio", "status", "status:CA1:" + call.id(), call.id(), 1, Map.of("CallStatus", "ringing"), NOW);
        assertThat(inbox.store(message).block()).isTrue();
        assertThat(inbox.store(message).block()).isFalse();
        var nobody = new InboxMessage(
                0,
                "twilio",
                "status",
                "x",
                CallFixture.request(call.userId(), null, "").id(),
                1,
                Map.of(),
                NOW);
        assertThat(inbox.store(nobody).block()).isFalse();

        InboxMessage leased = inbox.lease(10, LEASE, NOW).blockLast();
        assertThat(leased.payload()).containsEntry("CallStatus", "ringing");
        inbox.failed(leased.id(), "Temporal is down", NOW).block();
        assertThat(inbox.lease(10, LEASE, NOW.plusSeconds(1)).collectList().block())
                .hasSize(1);
        inbox.applied(leased.id(), NOW).block();
        assertThat(inbox.lease(10, LEASE, NOW.plusSeconds(600)).collectList().block())
                .isEmpty();
    }

    @Test
    void switchesTakeEffectAtOnce() {
        var switches = new Switches(DB.client());
        assertThat(switches.dialingEnabled().block()).isTrue();
        assertThat(switches.set(Switches.DIALING, false, "test", NOW).block()).isTrue();
        assertThat(switches.dialingEnabled().block()).isFalse();
        assertThat(switches.set("nothing", false, "", NOW).block()).isFalse();
    }

    @Test
    void onlyFreshWorkersThatTakeCallsAreOffered() {
        var workers = new VoiceWorkers(DB.client());
        for (String name : List.of("fresh", "drained", "stale")) {
            workers.register(new VoiceWorker(name, "ws://127.0.0.1:1/media", "voice-" + name, 5, 0))
                    .block();
        }
        workers.drain("drained").block();
        DB.execute("update voice_workers set heartbeat_at = now() - interval '1 minute' where incarnation = 'stale'");
        assertThat(workers.live(4).map(VoiceWorker::incarnation).collectList().block())
                .containsExactly("fresh");
        assertThat(workers.heartbeat("fresh", 5).block()).isTrue();
        assertThat(workers.live(4).collectList().block()).as("full").isEmpty();
        assertThat(workers.heartbeat("gone", 0).block()).isFalse();

        DB.execute(
                "update voice_workers set heartbeat_at = now() - interval '25 hours' where incarnation in ('stale', 'fresh')");
        workers.register(new VoiceWorker("fresh", "ws://127.0.0.1:1/media", "voice-fresh", 5, 0))
                .block();
        assertThat(DB.query("select incarnation from voice_workers order by 1"))
                .as("nobody is kept for ever who died without a word")
                .extracting(row -> row.get("incarnation"))
                .containsExactly("drained", "fresh");
    }

    @Test
    void aNotificationIsOpenUntilItIsSent() {
        var notifications = new Notifications(DB.client());
        CallRecord call = fixture.accepted();
        String key = "call-ready/" + call.id();
        assertThat(notifications
                        .open(key, call.id(), call.userId(), "ready", NOW)
                        .block())
                .isTrue();
        assertThat(notifications
                        .open(key, call.id(), call.userId(), "ready", NOW)
                        .block())
                .isTrue();
        notifications.sent(key, "mail-1", NOW).block();
        assertThat(notifications
                        .open(key, call.id(), call.userId(), "ready", NOW)
                        .block())
                .isFalse();
    }
}
