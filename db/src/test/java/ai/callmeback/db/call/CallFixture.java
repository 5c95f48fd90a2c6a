package ai.callmeback.db.call;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.CallbackPolicy;
import ai.callmeback.domain.call.PlannedDuration;
import ai.callmeback.domain.conversation.Brief;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Calls and users for tests, on a real database. */
final class CallFixture {
    static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final AtomicInteger NUMBERS = new AtomicInteger(1000);

    final CallStore calls;
    final CallTranscripts transcripts;
    final DialIntents intents;
    final MediaOwners owners;
    final StreamTokens tokens;
    final Briefs briefs;
    final CallEvents events;
    final ConversationJournal journal;
    private final TestDatabase db;

    CallFixture(TestDatabase db) {
        this.db = db;
        calls = new CallStore(db.client(), db.transactions());
        transcripts = new CallTranscripts(db.client());
        intents = new DialIntents(db.client());
        owners = new MediaOwners(db.client());
        tokens = new StreamTokens(db.client());
        briefs = new Briefs(db.client());
        events = new CallEvents(db.client());
        journal = new ConversationJournal(db.client());
    }

    UserId user(int concurrent) {
        UUID id = UUID.randomUUID();
        db.execute(
                "insert into users (id, email, password_hash, display_name, pseudonym, max_concurrent_calls) values ('"
                        + id + "', '" + id + "@example.com', 'x', 'Ann', 'u-" + id + "', " + concurrent + ")");
        return new UserId(id);
    }

    static E164 number() {
        return new E164("+1415555" + NUMBERS.incrementAndGet());
    }

    static NewCall request(UserId user, @Nullable String key, String pretext) {
        return new NewCall(
                new CallId(UUID.randomUUID()),
                user,
                key,
                new PersonaId("brad_001"),
                pretext,
                number(),
                PlannedDuration.MINUTES_5,
                NewCall.When.now(NOW),
                CallbackPolicy.DEFAULT,
                NOW);
    }

    CallRecord accepted() {
        NewCall call = request(user(1), null, "");
        calls.accept(call).block();
        return calls.find(call.id()).block();
    }

    /** A call whose first attempt rings at the telephony. */
    CallRecord dialing() {
        CallRecord call = accepted();
        for (CallStatus status : List.of(CallStatus.DUE, CallStatus.ADMITTED, CallStatus.DIALING)) {
            calls.move(call.id(), status, CallStore.Move.of("step-" + status), NOW)
                    .block();
        }
        calls.openAttempt(call.id(), 1, 0, NOW).block();
        briefs.put(brief(call.id(), 1), NOW).block();
        intents.begin(call.id(), 1, call.phone(), NOW).block();
        intents.accepted(call.id(), 1, "CA" + call.id(), NOW).block();
        return calls.find(call.id()).block();
    }

    List<String> offer(CallRecord call, int attempt, String... incarnations) {
        var workers = List.of(incarnations).stream()
                .map(i -> new VoiceWorker(i, "ws://127.0.0.1/media", "voice-" + i, 10, 0))
                .toList();
        return tokens.issue(call.id(), attempt, workers).block();
    }

    static Brief brief(CallId id, int attempt) {
        return new Brief(
                id,
                attempt,
                new Brief.Voice("brad_001", "Brad", "voice", "{}", ""),
                new Brief.Mind("You are Brad.", new BigDecimal("0.6"), 160, ""),
                "Hey",
                "",
                "Bye",
                "One minute left",
                "Sorry",
                List.of("Hm."),
                List.of("Still there?"),
                300,
                "",
                NOW);
    }
}
