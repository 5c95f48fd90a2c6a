package ai.callmeback.db.testing;

import ai.callmeback.db.Database;
import ai.callmeback.db.DatabaseSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One real PostgreSQL per JVM, started at first use and ended with the JVM. A template database is migrated once; each
 * test class gets a copy of it, which takes tens of milliseconds.
 */
final class EmbeddedServer {

    private static final String TEMPLATE = "callmeback_template";
    private static final String MUTANT = "callmeback_mutant";
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final EmbeddedPostgres postgres;
    private volatile String template = TEMPLATE;

    private EmbeddedServer(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    static EmbeddedServer get() {
        return Holder.INSTANCE;
    }

    DatabaseSettings createMigrated() {
        String name = "test_" + NEXT.incrementAndGet();
        execute("create database " + name + " template " + template);
        return settings(name);
    }

    void drop(DatabaseSettings settings) {
        execute("drop database if exists " + settings.database() + " with (force)");
    }

    /** Changes to the schema, by JDBC. */
    interface Change {
        void on(Connection connection) throws SQLException;
    }

    /** Later databases are copies of a template with this change. */
    synchronized void mutate(Change change) {
        mend();
        execute("create database " + MUTANT + " template " + TEMPLATE);
        try (Connection connection = postgres.getDatabase("postgres", MUTANT).getConnection()) {
            change.on(connection);
        } catch (SQLException failure) {
            throw new IllegalStateException("the guard could not be taken out: " + failure.getMessage(), failure);
        }
        template = MUTANT;
    }

    /** Later databases are copies of the template as it was migrated. */
    synchronized void mend() {
        template = TEMPLATE;
        execute("drop database if exists " + MUTANT + " with (force)");
    }

    private DatabaseSettings settings(String database) {
        return DatabaseSettings.parse("postgres://postgres:postgres@127.0.0.1:" + postgres.getPort() + "/" + database);
    }

    private void execute(String sql) {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException("could not run: " + sql, failure);
        }
    }

    private static EmbeddedServer start() {
        try {
            EmbeddedServer server = new EmbeddedServer(EmbeddedPostgres.builder()
                    // Durability is of no use to a database that dies with its test.
                    .setServerConfig("fsync", "off")
                    .setServerConfig("synchronous_commit", "off")
                    .setServerConfig("full_page_writes", "off")
                    .setServerConfig("max_connections", "200")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .start());
            server.execute("create database " + TEMPLATE);
            Database.migrate(server.settings(TEMPLATE));
            return server;
        } catch (IOException failure) {
            throw new UncheckedIOException("embedded PostgreSQL did not start", failure);
        }
    }

    private static final class Holder {
        static final EmbeddedServer INSTANCE = start();
    }
}
