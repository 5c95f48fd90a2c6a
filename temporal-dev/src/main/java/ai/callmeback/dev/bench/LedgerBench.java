package ai.callmeback.dev.bench;

import ai.callmeback.db.Database;
import ai.callmeback.db.DatabaseSettings;
import ai.callmeback.db.ledger.CaptureOutcome;
import ai.callmeback.db.ledger.CaptureRequest;
import ai.callmeback.db.ledger.GrantOutcome;
import ai.callmeback.db.ledger.GrantRequest;
import ai.callmeback.db.ledger.GrantSource;
import ai.callmeback.db.ledger.HoldOutcome;
import ai.callmeback.db.ledger.HoldRequest;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Full postings per second (a hold on a paid grant, then its capture with the rest released; idempotent, locked,
 * checked) beside bare SQL functions that write the same rows and do nothing else, by the same client over as many
 * connections, in turns within one run; then beside bare functions that also keep the platform's accounts as one hot row
 * each, the design we did not take. Then every user gets more grants, and full postings go the general way, which locks
 * all of them and shares out. The full ledger is audited afterwards.
 */
public final class LedgerBench {

    private static final int USERS = 1_000;
    private static final int POSTINGS_PER_CALL = 2;
    /** Beside the one they begin with. */
    private static final int MORE_GRANTS = 2;

    /** Many and short, in turns: the machine's own ups and downs are longer than one. */
    private static final int ROUNDS = 15;

    private static final Credits GRANTED = new Credits(9_000_000);
    private static final UsdMicros PRICE = new UsdMicros(90_000_000_000L);
    private static final Credits HELD = new Credits(300);
    private static final Credits CAPTURED = new Credits(187);
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** Of each variant; with less, the compiler takes a fifth of the machine while it is measured. */
    private static final Duration WARM_UP = Duration.ofSeconds(20);

    private static final Duration PLANNING = Duration.ofSeconds(3);

    private final DatabaseSettings server;
    private final int connections;
    private final Duration roundTime;
    private final Consumer<String> progress;

    /**
     * @param server where a scratch database is made, and dropped at the end
     * @param roundTime of each of the measured rounds of each variant
     */
    public LedgerBench(DatabaseSettings server, int connections, Duration roundTime, Consumer<String> progress) {
        this.server = server.withMaxConnections(connections);
        this.connections = connections;
        this.roundTime = roundTime;
        this.progress = progress;
    }

    /**
     * What was measured: medians over the rounds.
     *
     * @param severalGrantsPostingsPerSecond full postings of users with several grants, which go the general way
     */
    public record Result(
            double postingsPerSecond,
            double barePostingsPerSecond,
            double ratio,
            double hotRowPostingsPerSecond,
            double severalGrantsPostingsPerSecond,
            boolean auditOk) {}

    public Result run() {
        String name = "ledger_bench_" + UUID.randomUUID().toString().substring(0, 8);
        execute(server, "create database " + name);
        DatabaseSettings scratch = server.withDatabase(name);
        try {
            Database.migrate(scratch);
            execute(scratch, resource("bare_ledger.sql"));
            try (Database database = Database.open(scratch)) {
                return measure(scratch, database);
            }
        } finally {
            execute(server, "drop database if exists " + name + " with (force)");
        }
    }

    private Result measure(DatabaseSettings scratch, Database database) {
        DatabaseClient client = DatabaseClient.create(database.connectionFactory());
        Ledger ledger = Ledger.on(client, InstantSource.system());
        progress.accept("granting credits to " + USERS + " users");
        List<Account> accounts = accounts(ledger);
        execute(scratch, "insert into bare_grants select * from ledger_grants");

        Function<Account, Mono<Void>> full = account -> fullCall(ledger, account);
        Function<Account, Mono<Void>> bare = account -> bareCall(client, account, "bare");
        Function<Account, Mono<Void>> hot = account -> bareCall(client, account, "hot");
        progress.accept("warming up");
        postingsPerSecond(accounts, full, WARM_UP);
        postingsPerSecond(accounts, bare, WARM_UP);
        // only now: statistics of tables still empty would have the planner scan them whole as they grow
        execute(scratch, "analyze");
        // and what was planned for the tables as they were is planned anew, once for each connection and statement
        postingsPerSecond(accounts, full, PLANNING);
        postingsPerSecond(accounts, bare, PLANNING);
        List<Double> fulls = new ArrayList<>();
        List<Double> bares = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            double fullRate = postingsPerSecond(accounts, full, roundTime);
            double bareRate = postingsPerSecond(accounts, bare, roundTime);
            fulls.add(fullRate);
            bares.add(bareRate);
            ratios.add(fullRate / bareRate);
            progress.accept("round %d of %d: %.0f full and %.0f bare postings per second, ratio %.2f"
                    .formatted(round, ROUNDS, fullRate, bareRate, fullRate / bareRate));
        }
        // Last, since it fills the tables of the bare one.
        postingsPerSecond(accounts, hot, PLANNING);
        double hotRate = postingsPerSecond(accounts, hot, roundTime);
        progress.accept("with hot rows: %.0f postings per second".formatted(hotRate));
        moreGrants(ledger, accounts);
        execute(scratch, "analyze");
        postingsPerSecond(accounts, full, PLANNING);
        double generalRate = postingsPerSecond(accounts, full, roundTime);
        progress.accept("of users with %d grants: %.0f postings per second".formatted(1 + MORE_GRANTS, generalRate));
        progress.accept("auditing");
        boolean auditOk = Objects.requireNonNull(ledger.audit().block(LIMIT)).ok();
        return new Result(median(fulls), median(bares), median(ratios), hotRate, generalRate, auditOk);
    }

    private void moreGrants(Ledger ledger, List<Account> accounts) {
        Flux.fromIterable(accounts)
                .flatMap(
                        account -> Flux.range(0, MORE_GRANTS)
                                .concatMap(n -> ledger.grant(new GrantRequest(
                                        "bench:" + account.user() + ":" + n,
                                        account.user(),
                                        GRANTED,
                                        GrantSource.PACK,
                                        PRICE,
                                        GrantRequest.USUAL_PRIORITY,
                                        null))),
                        connections)
                .blockLast(LIMIT);
    }

    private List<Account> accounts(Ledger ledger) {
        return Objects.requireNonNull(Flux.range(0, USERS)
                .flatMap(
                        i -> {
                            UserId user = new UserId(UUID.randomUUID());
                            return ledger.grant(new GrantRequest(
                                            "bench:" + user,
                                            user,
                                            GRANTED,
                                            GrantSource.PACK,
                                            PRICE,
                                            GrantRequest.USUAL_PRIORITY,
                                            null))
                                    .map(outcome -> new Account(user, grantOf(outcome)));
                        },
                        connections)
                .collectList()
                .block(LIMIT));
    }

    private static UUID grantOf(GrantOutcome outcome) {
        if (outcome instanceof GrantOutcome.Posted(var receipt)) {
            return receipt.grantId();
        }
        throw new IllegalStateException("a new grant was answered with " + outcome);
    }

    /** As many calls at a time as connections, each for another user, until the time is up. */
    private double postingsPerSecond(List<Account> accounts, Function<Account, Mono<Void>> call, Duration time) {
        AtomicInteger next = new AtomicInteger();
        IntUnaryOperator wrap = index -> (index + 1) % accounts.size();
        long began = System.nanoTime();
        long end = began + time.toNanos();
        Long calls = Flux.range(0, connections)
                .flatMap(
                        lane -> Mono.defer(() -> call.apply(accounts.get(next.getAndUpdate(wrap))))
                                .thenReturn(1)
                                .repeat(() -> System.nanoTime() < end),
                        connections)
                .count()
                .block(LIMIT);
        double seconds = (System.nanoTime() - began) / 1e9;
        return Objects.requireNonNull(calls) * POSTINGS_PER_CALL / seconds;
    }

    private static Mono<Void> fullCall(Ledger ledger, Account account) {
        UUID hold = UUID.randomUUID();
        return ledger.hold(new HoldRequest(
                        hold,
                        account.user(),
                        HELD,
                        "call:" + hold,
                        Instant.now().plusSeconds(600)))
                .doOnNext(outcome -> require(outcome instanceof HoldOutcome.Posted, outcome))
                .then(ledger.capture(new CaptureRequest(hold, CAPTURED, "by_the_second")))
                .doOnNext(outcome -> require(outcome instanceof CaptureOutcome.Posted, outcome))
                .then();
    }

    private static Mono<Void> bareCall(DatabaseClient client, Account account, String variant) {
        UUID hold = UUID.randomUUID();
        long rest = HELD.seconds() - CAPTURED.seconds();
        return client.sql("select " + variant + "_hold($1, $2, $3, $4, $5, $6, $7)")
                .bind(0, hold)
                .bind(1, account.user().value())
                .bind(2, account.grant())
                .bind(3, HELD.seconds())
                .bind(4, "call:" + hold)
                .bind(5, Instant.now().plusSeconds(600))
                .bind(6, Instant.now())
                .map(row -> row.get(0, Long.class))
                .one()
                .then(client.sql("select " + variant + "_capture($1, $2, $3, $4, $5, $6, $7)")
                        .bind(0, hold)
                        .bind(1, account.user().value())
                        .bind(2, account.grant())
                        .bind(3, CAPTURED.seconds())
                        .bind(4, rest)
                        .bind(5, CAPTURED.seconds() * 10_000)
                        .bind(6, Instant.now())
                        .map(row -> row.get(0, Long.class))
                        .one())
                .then();
    }

    private static void require(boolean posted, Object outcome) {
        if (!posted) {
            throw new IllegalStateException("a fresh posting was answered with " + outcome);
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(LedgerBench.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void execute(DatabaseSettings settings, String sql) {
        try (Connection connection =
                        DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException("the bench could not prepare its database", failure);
        }
    }

    private record Account(UserId user, UUID grant) {}
}
