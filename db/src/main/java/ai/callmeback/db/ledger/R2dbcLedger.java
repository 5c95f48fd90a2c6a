package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UserId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import reactor.core.publisher.Mono;

/** One call of a SQL function per method; the rules live there, where the locks are. */
final class R2dbcLedger implements Ledger {

    private static final int AUDIT_LIMIT_PER_RULE = 100;

    private final DatabaseClient client;
    private final InstantSource clock;

    R2dbcLedger(DatabaseClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public Mono<GrantOutcome> grant(GrantRequest request) {
        GenericExecuteSpec call = answerOf("ledger_grant($1, $2, $3, $4, $5, $6, $7, $8)")
                .bind(0, request.key())
                .bind(1, request.userId().value())
                .bind(2, request.credits().seconds())
                .bind(3, request.source().code())
                .bind(4, request.pricePaid().amountMicros())
                .bind(5, request.priority())
                .bind(7, clock.instant());
        Instant expiresAt = request.expiresAt();
        call = expiresAt == null ? call.bindNull(6, Instant.class) : call.bind(6, expiresAt);
        return one(
                call,
                answer -> answer.<GrantReceipt, GrantOutcome>map(
                        (result, posting) ->
                                new GrantReceipt(posting, result.uuid("grantId"), result.credits("seconds")),
                        GrantOutcome.Posted::new,
                        GrantOutcome.AlreadyPosted::new,
                        conflict -> conflict,
                        other -> {
                            throw other.unexpected();
                        }));
    }

    @Override
    public Mono<HoldOutcome> hold(HoldRequest request) {
        GenericExecuteSpec call = answerOf("ledger_hold($1, $2, $3, $4, $5, $6)")
                .bind(0, request.holdId())
                .bind(1, request.userId().value())
                .bind(2, request.credits().seconds())
                .bind(3, request.reference())
                .bind(4, request.expiresAt())
                .bind(5, clock.instant());
        return one(
                call,
                answer -> answer.<HoldReceipt, HoldOutcome>map(
                        R2dbcLedger::holdReceipt,
                        HoldOutcome.Posted::new,
                        HoldOutcome.AlreadyPosted::new,
                        conflict -> conflict,
                        other -> switch (other.outcome()) {
                            case "insufficient" -> insufficient(other);
                            default -> throw other.unexpected();
                        }));
    }

    @Override
    public Mono<GrowOutcome> grow(GrowRequest request) {
        GenericExecuteSpec call = answerOf("ledger_hold_grow($1, $2, $3, $4)")
                .bind(0, request.holdId())
                .bind(1, request.key())
                .bind(2, request.credits().seconds())
                .bind(3, clock.instant());
        return one(
                call,
                answer -> answer.<HoldReceipt, GrowOutcome>map(
                        R2dbcLedger::holdReceipt,
                        GrowOutcome.Posted::new,
                        GrowOutcome.AlreadyPosted::new,
                        conflict -> conflict,
                        other -> switch (other.outcome()) {
                            case "insufficient" -> insufficient(other);
                            case "unknown_hold" -> new UnknownHold(request.holdId());
                            case "resolved" -> new AlreadyResolved(other.state());
                            default -> throw other.unexpected();
                        }));
    }

    @Override
    public Mono<DialIntentOutcome> markDialIntended(UUID holdId) {
        return one(answerOf("ledger_hold_dial_intended($1)").bind(0, holdId), answer -> switch (answer.outcome()) {
            case "marked" -> new DialIntentOutcome.Marked();
            case "unknown_hold" -> new UnknownHold(holdId);
            case "resolved" -> new AlreadyResolved(answer.state());
            default -> throw answer.unexpected();
        });
    }

    @Override
    public Mono<CaptureOutcome> capture(CaptureRequest request) {
        GenericExecuteSpec call = answerOf("ledger_capture($1, $2, $3, $4)")
                .bind(0, request.holdId())
                .bind(1, request.credits().seconds())
                .bind(2, request.reason())
                .bind(3, clock.instant());
        return one(
                call,
                answer -> answer.<CaptureReceipt, CaptureOutcome>map(
                        R2dbcLedger::captureReceipt,
                        CaptureOutcome.Posted::new,
                        CaptureOutcome.AlreadyPosted::new,
                        conflict -> conflict,
                        other -> switch (other.outcome()) {
                            case "unknown_hold" -> new UnknownHold(request.holdId());
                            case "resolved" -> new AlreadyResolved(other.state());
                            default -> throw other.unexpected();
                        }));
    }

    @Override
    public Mono<ReleaseOutcome> release(ReleaseRequest request) {
        GenericExecuteSpec call = answerOf("ledger_release($1, $2, $3)")
                .bind(0, request.holdId())
                .bind(1, request.reason())
                .bind(2, clock.instant());
        return one(
                call,
                answer -> answer.<ReleaseReceipt, ReleaseOutcome>map(
                        (result, posting) -> new ReleaseReceipt(
                                posting, result.uuid("holdId"), result.credits("released"), result.credits("broken")),
                        ReleaseOutcome.Posted::new,
                        ReleaseOutcome.AlreadyPosted::new,
                        conflict -> conflict,
                        other -> switch (other.outcome()) {
                            case "unknown_hold" -> new UnknownHold(request.holdId());
                            case "resolved" -> new AlreadyResolved(other.state());
                            default -> throw other.unexpected();
                        }));
    }

    @Override
    public Mono<RecoverOutcome> recover(RecoverRequest request) {
        GenericExecuteSpec call = answerOf("ledger_recover($1, $2, $3)")
                .bind(0, request.key())
                .bind(1, request.userId().value())
                .bind(2, clock.instant());
        return one(
                call,
                answer -> answer.<RecoverReceipt, RecoverOutcome>map(
                        (result, posting) -> new RecoverReceipt(
                                posting,
                                result.credits("recovered"),
                                result.credits("stillOwed"),
                                result.micros("revenueMicros")),
                        RecoverOutcome.Posted::new,
                        RecoverOutcome.AlreadyPosted::new,
                        conflict -> conflict,
                        other -> switch (other.outcome()) {
                            case "nothing" -> new RecoverOutcome.NothingToRecover();
                            default -> throw other.unexpected();
                        }));
    }

    @Override
    public Mono<SweepReport> sweep(int limit) {
        Instant now = clock.instant();
        return client.sql("select what, subject from ledger_due($1, $2)")
                .bind(0, now)
                .bind(1, limit)
                .map(row -> new Swept(text(row, "what"), uuid(row, "subject")))
                .all()
                .concatMap(due -> sweepOne(due, now))
                .collectList()
                .map(R2dbcLedger::sweepReport);
    }

    /** One transaction each, so that a sweep never holds the locks of one hold while it waits for another's. */
    private Mono<Swept> sweepOne(Swept due, Instant now) {
        String sql = switch (due.what()) {
            case "hold" -> "select ledger_hold_sweep($1, $2) as outcome";
            case "clawback" ->
                "select case outcome when 'posted' then 'collected' else outcome end as outcome"
                        + " from ledger_claw_back_collect($1, $2)";
            case "grant" -> "select outcome from ledger_grant_expire($1, $2)";
            default -> throw new IllegalStateException("ledger_due named a " + due.what());
        };
        return client.sql(sql)
                .bind(0, due.subject())
                .bind(1, now)
                .map(row -> new Swept(text(row, "outcome"), due.subject()))
                .one();
    }

    @Override
    public Mono<Balance> balance(UserId userId) {
        return client.sql("select available, held, owed from ledger_balance($1, $2)")
                .bind(0, userId.value())
                .bind(1, clock.instant())
                .map(row -> new Balance(credits(row, "available"), credits(row, "held"), credits(row, "owed")))
                .one();
    }

    @Override
    public Mono<Hold> findHold(UUID holdId) {
        return client.sql("""
                        select hold_id, user_id, state, seconds, captured_seconds, released_seconds, owed_seconds,
                               dial_intended, expires_at, flagged_at
                        from ledger_holds where hold_id = $1
                        """).bind(0, holdId).map(row -> holdOf(row)).one();
    }

    @Override
    public Mono<AuditReport> audit() {
        return client.sql("select rule, subject, detail, entries from ledger_audit($1)")
                .bind(0, AUDIT_LIMIT_PER_RULE)
                .map(row -> new AuditReport.Violation(
                        text(row, "rule"), text(row, "subject"), text(row, "detail"), text(row, "entries")))
                .all()
                .collectList()
                .map(AuditReport::new);
    }

    private GenericExecuteSpec answerOf(String function) {
        return client.sql(Answer.asked(function));
    }

    private static <O> Mono<O> one(GenericExecuteSpec call, Function<Answer, O> outcome) {
        return call.map(row -> Answer.of(row)).one().map(outcome);
    }

    private static HoldReceipt holdReceipt(Answer answer, long posting) {
        return new HoldReceipt(posting, answer.uuid("holdId"), answer.credits("seconds"), answer.slices());
    }

    private static CaptureReceipt captureReceipt(Answer answer, long posting) {
        return new CaptureReceipt(
                posting,
                answer.uuid("holdId"),
                answer.credits("captured"),
                answer.credits("released"),
                answer.credits("broken"),
                answer.credits("uncovered"),
                answer.credits("owed"),
                answer.micros("revenueMicros"),
                answer.slices());
    }

    private static Insufficient insufficient(Answer answer) {
        return new Insufficient(answer.credits("available"), answer.credits("requested"));
    }

    private static Hold holdOf(Readable row) {
        return new Hold(
                uuid(row, "hold_id"),
                new UserId(uuid(row, "user_id")),
                HoldState.of(text(row, "state")),
                credits(row, "seconds"),
                credits(row, "captured_seconds"),
                credits(row, "released_seconds"),
                credits(row, "owed_seconds"),
                Boolean.TRUE.equals(row.get("dial_intended", Boolean.class)),
                required(row.get("expires_at", Instant.class), "expires_at"),
                row.get("flagged_at", Instant.class));
    }

    private static Credits credits(Readable row, String column) {
        return new Credits(required(row.get(column, Long.class), column));
    }

    private static String text(Readable row, String column) {
        return required(row.get(column, String.class), column);
    }

    private static UUID uuid(Readable row, String column) {
        return required(row.get(column, UUID.class), column);
    }

    private static <T> T required(@Nullable T value, String column) {
        return Objects.requireNonNull(value, column);
    }

    /** What a sweep found or did, and to what. */
    private record Swept(String what, UUID subject) {}

    private static SweepReport sweepReport(List<Swept> swept) {
        return new SweepReport(
                subjects(swept, "expired"),
                subjects(swept, "flagged"),
                subjects(swept, "posted"),
                subjects(swept, "collected"));
    }

    private static List<UUID> subjects(List<Swept> swept, String what) {
        return swept.stream()
                .filter(one -> one.what().equals(what))
                .map(Swept::subject)
                .toList();
    }
}
