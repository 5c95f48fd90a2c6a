package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One call of a SQL function per method; the rules live there, where the locks are. */
final class R2dbcLedgerCorrections implements LedgerCorrections {

    private static final int MAX_GRANTS_SHOWN = 500;

    private final DatabaseClient client;
    private final InstantSource clock;

    R2dbcLedgerCorrections(DatabaseClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public Mono<ClawBackOutcome> clawBack(ClawBackRequest request) {
        return answer(call("ledger_claw_back($1, $2, $3, $4, $5)")
                        .bind(0, request.key())
                        .bind(1, request.kind().code())
                        .bind(2, request.grantId())
                        .bind(3, request.amount().amountMicros())
                        .bind(4, clock.instant()))
                .map(answer -> answer.<ClawBackReceipt, ClawBackOutcome>map(
                        (result, posting) -> new ClawBackReceipt(
                                posting,
                                result.credits("secondsDue"),
                                result.credits("taken"),
                                result.credits("unbroken"),
                                result.micros("receivableMicros")),
                        ClawBackOutcome.Posted::new,
                        ClawBackOutcome.AlreadyPosted::new,
                        conflict -> conflict,
                        other -> switch (other.outcome()) {
                            case "unknown_grant" -> new ClawBackOutcome.UnknownGrant(request.grantId());
                            case "exceeds" ->
                                new ClawBackOutcome.Exceeds(other.micros("paidMicros"), other.micros("beforeMicros"));
                            default -> throw other.unexpected();
                        }));
    }

    @Override
    public Mono<UndoOutcome> undo(String clawBackKey) {
        return answer(call("ledger_claw_back_undo($1, $2)").bind(0, clawBackKey).bind(1, clock.instant()))
                .map(answer -> answer.<UndoOutcome.Undone, UndoOutcome>map(
                        (result, posting) ->
                                new UndoOutcome.Undone(posting, result.credits("available"), result.credits("broken")),
                        posted -> posted,
                        repeated -> repeated,
                        conflict -> {
                            throw new IllegalStateException("the key is the whole request, yet it conflicts");
                        },
                        other -> switch (other.outcome()) {
                            case "unknown_clawback" -> new UndoOutcome.UnknownClawBack(clawBackKey);
                            default -> throw other.unexpected();
                        }));
    }

    @Override
    public Mono<ReverseOutcome> reverse(ReverseRequest request) {
        return answer(call("ledger_reverse($1, $2, $3, $4, $5)")
                        .bind(0, request.holdId())
                        .bind(1, request.key())
                        .bind(2, request.credits().seconds())
                        .bind(3, request.reason())
                        .bind(4, clock.instant()))
                .map(answer -> answer.<ReverseReceipt, ReverseOutcome>map(
                        (result, posting) -> new ReverseReceipt(
                                posting,
                                result.credits("returned"),
                                result.credits("replaced"),
                                result.micros("revenueMicros")),
                        ReverseOutcome.Posted::new,
                        ReverseOutcome.AlreadyPosted::new,
                        conflict -> conflict,
                        other -> switch (other.outcome()) {
                            case "unknown_hold" -> new UnknownHold(request.holdId());
                            case "resolved" -> new AlreadyResolved(other.state());
                            case "exceeds" -> new ReverseOutcome.Exceeds(other.credits("reversible"));
                            default -> throw other.unexpected();
                        }));
    }

    @Override
    public Mono<Boolean> fee(String payment, UsdMicros amount, boolean estimated) {
        Requests.requireKey(payment);
        return client.sql("select outcome from ledger_fee($1, $2, $3, $4)")
                .bind(0, payment)
                .bind(1, amount.amountMicros())
                .bind(2, estimated)
                .bind(3, clock.instant())
                .map(row -> "posted".equals(row.get(0, String.class)))
                .one();
    }

    @Override
    public Flux<GrantBalance> grants(UserId userId) {
        return client.sql("""
                        select grant_id, source, seconds, price_paid_micros, priority, granted_at, expires_at,
                               available_seconds, held_seconds, captured_seconds, broken_seconds, refunded_seconds
                        from ledger_grants where user_id = $1
                        order by priority, expires_at nulls last, granted_at, grant_id limit $2
                        """)
                .bind(0, userId.value())
                .bind(1, MAX_GRANTS_SHOWN)
                .map(row -> grantBalance(row))
                .all();
    }

    private GenericExecuteSpec call(String function) {
        return client.sql(Answer.asked(function));
    }

    private static Mono<Answer> answer(GenericExecuteSpec call) {
        return call.map(row -> Answer.of(row)).one();
    }

    private static GrantBalance grantBalance(Readable row) {
        return new GrantBalance(
                of(row, "grant_id", UUID.class),
                GrantSource.valueOf(of(row, "source", String.class).toUpperCase(Locale.ROOT)),
                credits(row, "seconds"),
                new UsdMicros(of(row, "price_paid_micros", Long.class)),
                of(row, "priority", Integer.class),
                of(row, "granted_at", Instant.class),
                row.get("expires_at", Instant.class),
                credits(row, "available_seconds"),
                credits(row, "held_seconds"),
                credits(row, "captured_seconds"),
                credits(row, "broken_seconds"),
                credits(row, "refunded_seconds"));
    }

    private static Credits credits(Readable row, String column) {
        return new Credits(of(row, column, Long.class));
    }

    private static <T> T of(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
