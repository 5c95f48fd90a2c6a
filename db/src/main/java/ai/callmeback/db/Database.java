package ai.callmeback.db;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import reactor.netty.resources.LoopResources;

/**
 * An open database: migrated, pooled, on event loops of its own.
 *
 * <p>R2DBC would otherwise share Reactor's default loops with HTTP and voice, where one slow answer of the database
 * could delay audio.
 */
public final class Database implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final ConnectionPool pool;
    private final LoopResources loops;

    private Database(ConnectionPool pool, LoopResources loops) {
        this.pool = pool;
        this.loops = loops;
    }

    /**
     * Brings the schema up to date. Safe to call from several processes at once: Flyway takes a lock, the others wait
     * and find nothing left to do.
     */
    public static void migrate(DatabaseSettings settings) {
        Flyway.configure()
                .dataSource(settings.jdbcUrl(), settings.user(), settings.password())
                .locations("classpath:db/migration")
                // Prompts and character sheets in our seeds hold ${...} of their own.
                .placeholderReplacement(false)
                .connectRetries(10)
                .load()
                .migrate();
    }

    /** Opens the pool; connections are made on demand. Does not migrate. */
    public static Database open(DatabaseSettings settings) {
        LoopResources loops = LoopResources.create("db", settings.eventLoops(), true);
        PostgresqlConnectionConfiguration connection = PostgresqlConnectionConfiguration.builder()
                .host(settings.host())
                .port(settings.port())
                .database(settings.database())
                .username(settings.user())
                .password(settings.password())
                .sslMode(settings.sslMode())
                .connectTimeout(settings.acquireTimeout())
                .statementTimeout(settings.statementTimeout())
                .tcpNoDelay(true)
                .loopResources(loops)
                .build();
        ConnectionPool pool =
                new ConnectionPool(ConnectionPoolConfiguration.builder(new PostgresqlConnectionFactory(connection))
                        .name("callmeback")
                        .initialSize(0)
                        .maxSize(settings.maxConnections())
                        .maxAcquireTime(settings.acquireTimeout())
                        .maxIdleTime(Duration.ofMinutes(10))
                        .build());
        return new Database(pool, loops);
    }

    /** The bounded pool. */
    public ConnectionPool connectionFactory() {
        return pool;
    }

    /** Closes the connections, then the event loops. A second call does nothing. */
    @Override
    public void close() {
        pool.disposeLater().block(CLOSE_TIMEOUT);
        loops.disposeLater(Duration.ZERO, CLOSE_TIMEOUT).block(CLOSE_TIMEOUT);
    }
}
