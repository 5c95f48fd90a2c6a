package ai.callmeback.voice.worker;

import ai.callmeback.db.brief.BriefDesk;
import ai.callmeback.db.call.AcceptOutcome;
import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.NewCall;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.memory.Memories;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.IdSource;
import ai.callmeback.domain.call.CallbackPolicy;
import ai.callmeback.domain.call.PlannedDuration;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.domain.scheduling.LocalTimeResolver;
import ai.callmeback.vendors.trace.CallSpan;
import ai.callmeback.vendors.trace.CallTraces;
import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.voice.call.CallTools;
import ai.callmeback.workflows.call.CallView;
import ai.callmeback.workflows.call.CallWorkflows;
import ai.callmeback.workflows.call.Requests;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowUpdateStage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extends by the call's workflow; books, hands over and remembers by the database, as the API does. All block, on virtual threads of their own;
 * at most {@value #AT_ONCE} at once, beyond which a request is refused as not possible now.
 */
final class WorkflowTools implements CallTools, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkflowTools.class);
    private static final int AT_ONCE = 64;
    private static final Duration DATABASE = Duration.ofSeconds(2);
    private static final int EXTENSION_MINUTES = 5;
    private static final Outcome UNAVAILABLE =
            new Outcome.Refused("unavailable", "That is not possible at the moment.");

    private final WorkflowClient client;
    private final CallStore calls;
    private final Users users;
    private final BriefDesk briefs;
    private final Memories memories;
    private final CallTraces traces;
    private final IdSource ids;
    private final InstantSource clock;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("tools-", 0).factory());

    WorkflowTools(
            WorkflowClient client,
            CallStore calls,
            Users users,
            BriefDesk briefs,
            Memories memories,
            CallTraces traces,
            IdSource ids,
            InstantSource clock) {
        this.client = client;
        this.calls = calls;
        this.users = users;
        this.briefs = briefs;
        this.memories = memories;
        this.traces = traces;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<Outcome> extend(CallSetup leg, String key) {
        return run(() -> extendNow(leg.callId(), "voice-" + key));
    }

    @Override
    public CompletableFuture<Outcome> callBack(CallSetup leg, Instant at, String key) {
        return run(() -> book(leg, at, null, key));
    }

    @Override
    public CompletableFuture<Outcome> callBack(CallSetup leg, LocalDateTime localTime, String key) {
        return run(() -> book(leg, null, localTime, key));
    }

    @Override
    public CompletableFuture<Outcome> handTo(CallSetup leg, String persona) {
        return run(() -> handNow(leg, persona));
    }

    @Override
    public CompletableFuture<Outcome> remember(CallSetup leg, String what, String key) {
        return run(() -> keep(leg.callId(), what, leg.mediaLeg() + "-" + key));
    }

    private Outcome handNow(CallSetup leg, String persona) {
        CallRecord call = calls.find(leg.callId()).block(DATABASE);
        if (call == null) {
            return UNAVAILABLE;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return briefs.handTo(call, leg.attempt(), persona, now)
                .blockOptional(DATABASE)
                .<Outcome>map(brief -> new Outcome.Handed(
                        "The call was handed to " + brief.voice().personaName() + ".", brief))
                .orElseGet(() -> new Outcome.Refused("unknown_persona", "There is nobody of that name here."));
    }

    private Outcome keep(CallId during, String what, String key) {
        CallRecord call = calls.find(during).block(DATABASE);
        if (call == null) {
            return UNAVAILABLE;
        }
        if (users.find(call.userId())
                .blockOptional(DATABASE)
                .filter(UserAccount::hasMailbox)
                .isEmpty()) {
            return new Outcome.Refused("no_account", "Nothing can be kept for somebody without an account.");
        }
        memories.keep(ids.get(), call, key, what, clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .block(DATABASE);
        return new Outcome.Done("It was noted for later calls.");
    }

    private CompletableFuture<Outcome> run(Supplier<Outcome> request) {
        if (threads.isShutdown() || !free.tryAcquire()) {
            return CompletableFuture.completedFuture(UNAVAILABLE);
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return request.get();
                    } catch (RuntimeException e) {
                        LOG.warn("a tool could not be carried out: {}", e.toString());
                        return UNAVAILABLE;
                    } finally {
                        free.release();
                    }
                },
                threads);
    }

    private Outcome extendNow(CallId call, String request) {
        try {
            client.newUntypedWorkflowStub(CallWorkflows.workflowId(call))
                    .startUpdate(
                            UpdateOptions.newBuilder(CallView.class)
                                    .setUpdateName("extend")
                                    .setUpdateId("extend-" + request)
                                    .setWaitForStage(WorkflowUpdateStage.COMPLETED)
                                    .build(),
                            new Requests.Extend(EXTENSION_MINUTES, request))
                    .getResult();
            return new Outcome.Done("This call was made " + EXTENSION_MINUTES + " minutes longer.");
        } catch (RuntimeException e) {
            return CallWorkflows.refusal(e)
                    .<Outcome>map(refusal -> new Outcome.Refused(refusal.code(), reason(refusal.code())))
                    .orElseThrow(() -> e);
        }
    }

    private static String reason(String code) {
        return switch (code) {
            case "insufficient_credit" -> "There is not enough credit for more time.";
            case "too_long" -> "This call cannot be made any longer.";
            default -> "This call cannot be made longer now.";
        };
    }

    /** Same persona, phone and length as this call. Credit is looked at when it is due, as for any booking. */
    private Outcome book(CallSetup leg, @Nullable Instant at, @Nullable LocalDateTime localTime, String key) {
        CallId during = leg.callId();
        CallRecord call = calls.find(during).block(DATABASE);
        if (call == null) {
            return UNAVAILABLE;
        }
        Optional<E164> phone = phone(call);
        if (phone.isEmpty()) {
            return new Outcome.Refused(
                    "no_account", "They have no account yet: they can open one on the website and book a call there.");
        }
        String zone = leg.brief().timeZone();
        if (localTime != null && zone.isEmpty()) {
            return new Outcome.Refused(
                    "time_zone_unknown", "Their time zone is not known: ask in how many hours, and give in_minutes.");
        }
        ZoneId known = zone.isEmpty() ? ZoneOffset.UTC : ZoneId.of(zone);
        Instant due = localTime == null
                ? at
                : LocalTimeResolver.resolve(localTime, known).instant();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (due == null || !due.isAfter(now)) {
            return new Outcome.Refused("past_time", "That time has passed.");
        }
        if (due.isAfter(now.plus(Limits.BOOKABLE_AHEAD))) {
            return new Outcome.Refused(
                    "too_far_ahead", "A call can be booked at most " + Limits.BOOKABLE_AHEAD.toDays() + " days ahead.");
        }
        LocalDateTime local = localTime == null ? LocalDateTime.ofInstant(due, known) : localTime;
        AcceptOutcome accepted = calls.accept(
                        booking(call, phone.get(), "voice-" + during + "-" + key, due, local, known, now))
                .block(DATABASE);
        return switch (accepted) {
            case AcceptOutcome.Accepted fresh -> {
                // The trace of the new call begins here.
                traces.add(CallSpan.of(
                        fresh.callId(),
                        CallSpan.REQUEST,
                        null,
                        CallSpan.Kind.SERVER,
                        "schedule_call_back",
                        now,
                        clock.instant()));
                yield booked(local, known);
            }
            case AcceptOutcome.Repeated repeated -> booked(local, known);
            case AcceptOutcome.Conflict conflict ->
                new Outcome.Refused("booked_otherwise", "Another time has just been booked.");
            case null -> UNAVAILABLE;
        };
    }

    /** Who rang us is rung at the number of the account; an unknown caller has none. */
    private Optional<E164> phone(CallRecord call) {
        return call.inbound()
                ? users.find(call.userId()).blockOptional(DATABASE).flatMap(UserAccount::phone)
                : Optional.of(call.phone());
    }

    private NewCall booking(
            CallRecord call, E164 phone, String key, Instant due, LocalDateTime local, ZoneId zone, Instant now) {
        return new NewCall(
                new CallId(ids.get()),
                call.userId(),
                key,
                call.personaId(),
                "",
                phone,
                PlannedDuration.ofSeconds(call.plannedSeconds()).orElse(PlannedDuration.DEFAULT),
                new NewCall.When(due, local.toString(), zone.equals(ZoneOffset.UTC) ? "Etc/UTC" : zone.getId()),
                call.inbound() ? CallbackPolicy.DEFAULT : call.policy(),
                now);
    }

    private static Outcome booked(LocalDateTime local, ZoneId zone) {
        return new Outcome.Done(
                "A call back is booked for " + local.truncatedTo(ChronoUnit.MINUTES) + " " + zone + ".");
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
