package ai.callmeback.dev.chaos.money;

import ai.callmeback.db.DatabaseSettings;
import ai.callmeback.dev.chaos.money.KillPoint.Place.Write;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Stops writes in the middle, so that their process can be killed just there. Triggers that only a run's own database has
 * take a shared advisory lock; who holds it exclusively stops whoever comes by. Ended, a stopped write is undone; let go, it
 * is committed, and nobody is left who hears of it.
 */
final class Brakes {
    /** The first half of our advisory locks; the product's are of another form. */
    private static final int CLASS = 7_770_001;

    private final DatabaseSettings database;

    /** @param databaseUrl of a database that is thrown away */
    Brakes(String databaseUrl) {
        this.database = DatabaseSettings.parse(databaseUrl);
    }

    void install() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create function chaos_brake() returns trigger language plpgsql as $$ begin"
                    + " perform pg_advisory_xact_lock_shared(" + CLASS + ", tg_argv[0]::integer); return null; end $$");
            for (int i = 0; i < KillPoint.ALL.size(); i++) {
                if (KillPoint.ALL.get(i).place() instanceof Write write) {
                    String when = write.when() == null ? "" : " when (" + write.when() + ")";
                    statement.execute("create trigger chaos_brake_" + i + " after " + write.moment() + " on "
                            + write.table() + " for each row" + when + " execute function chaos_brake('" + i + "')");
                }
            }
        }
    }

    /** Stops whoever comes by from now on, until it is closed. */
    Brake arm(KillPoint point) throws SQLException {
        int number = KillPoint.ALL.indexOf(point);
        Connection connection = connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_lock(" + CLASS + ", " + number + ")");
            return new Brake(connection, number);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }

    /** One brake, pulled. */
    static final class Brake implements AutoCloseable {
        private final Connection connection;
        private final int number;

        private Brake(Connection connection, int number) {
            this.connection = connection;
            this.number = number;
        }

        boolean caught() throws SQLException {
            return !stopped().isEmpty();
        }

        /** Undoes the writes that stand. */
        void undo() throws SQLException {
            try (PreparedStatement end = connection.prepareStatement("select pg_terminate_backend(?, 5000)")) {
                for (int backend : stopped()) {
                    end.setInt(1, backend);
                    end.execute();
                }
            }
        }

        private List<Integer> stopped() throws SQLException {
            List<Integer> backends = new ArrayList<>();
            try (PreparedStatement ask =
                    connection.prepareStatement("select pid from pg_locks where locktype = 'advisory'"
                            + " and classid = ? and objid = ? and not granted")) {
                ask.setInt(1, CLASS);
                ask.setInt(2, number);
                try (ResultSet rows = ask.executeQuery()) {
                    while (rows.next()) {
                        backends.add(rows.getInt(1));
                    }
                }
            }
            return backends;
        }

        /** Lets go: a session's locks end with it. */
        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}
