package ai.callmeback.activities.relay;

import ai.callmeback.activities.call.Reports;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.DialIntent;
import ai.callmeback.db.call.DialIntents;
import ai.callmeback.db.call.InboxMessage;
import ai.callmeback.db.call.WebhookInbox;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.TelephonyState;
import ai.callmeback.vendors.telephony.Telephony;
import ai.callmeback.vendors.telephony.UpdateOutcome;
import ai.callmeback.workflows.call.TelephonyStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Applies the telephony's webhooks: first to the dial intent in Postgres (forward only, so order does not matter), then
 * as a signal to the call's workflow. A dial that was given up and shows up after all is cancelled here. A message is
 * marked applied last, so a death anywhere repeats it.
 */
@Component
class InboxRelay {
    private static final Logger log = LoggerFactory.getLogger(InboxRelay.class);
    private static final int BATCH = 50;
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration DATABASE = Duration.ofSeconds(8);
    private static final long VENDOR_SECONDS = 18;

    private final WebhookInbox inbox;
    private final DialIntents intents;
    private final CallStore calls;
    private final Telephony telephony;
    private final CallStarter starter;
    private final InstantSource clock;

    InboxRelay(
            WebhookInbox inbox,
            DialIntents intents,
            CallStore calls,
            Telephony telephony,
            CallStarter starter,
            InstantSource clock) {
        this.inbox = inbox;
        this.intents = intents;
        this.calls = calls;
        this.telephony = telephony;
        this.starter = starter;
        this.clock = clock;
    }

    /** Answers how many messages were applied. */
    int round() {
        List<InboxMessage> due =
                inbox.lease(BATCH, LEASE, clock.instant()).collectList().block(DATABASE);
        int applied = 0;
        for (InboxMessage message : due == null ? List.<InboxMessage>of() : due) {
            try {
                apply(message);
                inbox.applied(message.id(), clock.instant()).block(DATABASE);
                applied++;
            } catch (RuntimeException e) {
                String error = e.getClass().getSimpleName();
                log.warn("webhook {} could not be applied yet: {}", message.id(), error);
                inbox.failed(message.id(), error, clock.instant()).block(DATABASE);
            }
        }
        return applied;
    }

    private void apply(InboxMessage message) {
        DialIntents.Report report = report(message);
        if (report == null) {
            log.warn("webhook {} names no call; nothing to apply", message.id());
            return;
        }
        DialIntent intent =
                intents.reported(message.callId(), message.attempt(), report).block(DATABASE);
        if (intent == null) {
            log.warn("webhook {} is about an attempt that was never begun", message.id());
            cancelUnlessOver(report);
            return;
        }
        if (!report.callSid().equals(intent.callSid())) {
            // The attempt belongs to another call of the telephony: this one must not go on beside it.
            cancelUnlessOver(report);
            return;
        }
        if (intent.state() == DialIntent.State.ABANDONED || intent.state() == DialIntent.State.REFUSED) {
            cancelUnlessOver(report);
        }
        show(intent);
        TelephonyStatus status = Reports.status(intent);
        if (status != null && !starter.signal(message.callId(), status)) {
            route(message);
        }
    }

    /** No workflow is running. A call that is not over gets one, which reads all this from Postgres. */
    private void route(InboxMessage message) {
        var call = calls.find(message.callId()).block(DATABASE);
        if (call != null && !call.status().isTerminal()) {
            starter.resume(message.callId());
        }
    }

    /** What the user sees does not wait for Temporal. */
    private void show(DialIntent intent) {
        if (intent.state() != DialIntent.State.ACCEPTED) {
            return;
        }
        Instant now = clock.instant();
        if (intent.telephony() == TelephonyState.RINGING) {
            calls.move(intent.callId(), CallStatus.RINGING, move("ringing-", intent), now)
                    .block(DATABASE);
        } else if (intent.telephony() == TelephonyState.IN_PROGRESS) {
            calls.move(intent.callId(), CallStatus.IN_PROGRESS, move("in_progress-", intent), now)
                    .block(DATABASE);
        }
    }

    private static CallStore.Move move(String step, DialIntent intent) {
        return new CallStore.Move(null, null, Map.of("attempt", intent.attempt()), step + intent.attempt());
    }

    private void cancelUnlessOver(DialIntents.Report report) {
        if (report.state() != null && report.state().isTerminal()) {
            return;
        }
        UpdateOutcome outcome = telephony
                .endCall(report.callSid())
                .orTimeout(VENDOR_SECONDS, TimeUnit.SECONDS)
                .join();
        if (outcome instanceof UpdateOutcome.Unknown) {
            throw new IllegalStateException("the telephony did not answer");
        }
    }

    private static DialIntents.@Nullable Report report(InboxMessage message) {
        Map<String, String> fields = message.payload();
        String sid = fields.get("CallSid");
        if (sid == null || sid.isBlank()) {
            return null;
        }
        // Machine detection speaks of a call that was answered.
        TelephonyState state = message.kind().equals("amd")
                ? TelephonyState.IN_PROGRESS
                : TelephonyState.ofWire(fields.getOrDefault("CallStatus", "")).orElse(null);
        return new DialIntents.Report(
                sid,
                state,
                number(fields.get("CallDuration")),
                blankToNull(fields.get("AnsweredBy")),
                number(fields.get("SipResponseCode")),
                message.receivedAt());
    }

    private static @Nullable Integer number(@Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,9}")) {
            return null;
        }
        return Integer.valueOf(text);
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
