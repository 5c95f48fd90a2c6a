package ai.callmeback.db.testing;

import ai.callmeback.db.Database;
import ai.callmeback.db.DatabaseSettings;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;

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
