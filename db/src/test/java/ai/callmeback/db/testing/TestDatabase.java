package ai.callmeback.db.testing;

import ai.callmeback.db.Database;
import ai.callmeback.db.DatabaseSettings;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A migrated database of its own for one test class, on a real PostgreSQL.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final TestDatabase DB = TestDatabase.fresh();
 * }</pre>
 *
 * Outside JUnit 5's life cycle (jqwik, benches) use {@link #open()} and {@link #close()}.
 */
public final class TestDatabase implements BeforeAllCallback, AfterAllCallback, AutoCloseable {

    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(30);

    private DatabaseSettings settings;
    private Database database;

    private TestDatabase() {}

    /** Created before the first test of the class, dropped after the last. */
    public static TestDatabase fresh() {
        return new TestDatabase();
    }

    /** Creates the database now; the caller closes it. */
    public TestDatabase open() {
        settings = EmbeddedServer.get().createMigrated();
        database = Database.open(settings.withMaxConnections(24));
        return this;
    }

    public DatabaseSettings settings() {
        return Objects.requireNonNull(settings, "the database is not open yet");
    }

    /** In the form of the {@code DATABASE_URL} setting. */
    public String url() {
        return "postgres://" + settings().user() + ":" + settings().password() + "@"
                + settings().host() + ":" + settings().port() + "/" + settings().database();
    }

    public ConnectionFactory connectionFactory() {
        return Objects.requireNonNull(database, "the database is not open yet").connectionFactory();
    }

    public DatabaseClient client() {
        return Mutation.applied(DatabaseClient.create(connectionFactory()));
    }

    public TransactionalOperator transactions() {
        return TransactionalOperator.create(new R2dbcTransactionManager(connectionFactory()));
    }

    /** Runs statements as they are, separated by semicolons; for arranging, or for dropping a guard. */
    public void execute(String sql) {
        client().sql(sql).fetch().rowsUpdated().block(QUERY_TIMEOUT);
    }

    /**
     * What {@code second} answers when it begins while {@code first} is done and not committed: that is committed once the
     * second waits for a lock, or is over. So a lock that is missing shows each time, and not by chance.
     */
    public <T> T during(String first, Mono<T> second) throws Exception {
        Connection one =
                Objects.requireNonNull(Mono.from(connectionFactory().create()).block(QUERY_TIMEOUT));
        try {
            Mono.from(one.beginTransaction()).block(QUERY_TIMEOUT);
            Flux.from(one.createStatement(first).execute())
                    .flatMap(Result::getRowsUpdated)
                    .then()
                    .block(QUERY_TIMEOUT);
            CompletableFuture<T> answer = second.toFuture();
            Awaitility.await()
                    .atMost(QUERY_TIMEOUT)
                    .until(() -> answer.isDone()
                            || !query("select 1 from pg_stat_activity where datname = current_database()"
                                            + " and wait_event_type = 'Lock'")
                                    .isEmpty());
            Mono.from(one.commitTransaction()).block(QUERY_TIMEOUT);
            return answer.get(QUERY_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } finally {
            Mono.from(one.close()).block(QUERY_TIMEOUT);
        }
    }

    /** All rows of a query, columns by name. */
    public List<Map<String, Object>> query(String sql) {
        return Objects.requireNonNull(
                client().sql(sql).fetch().all().collectList().block(QUERY_TIMEOUT));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        open();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        database.close();
        EmbeddedServer.get().drop(settings);
    }
}
