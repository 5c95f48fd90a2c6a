package ai.callmeback.dev.postgres;

import ai.callmeback.dev.process.ProcessEnd;
import ai.callmeback.dev.process.ProcessSpec;
import ai.callmeback.dev.process.StopSignal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * An embedded PostgreSQL on loopback whose data survive restarts, kept in one directory per major version. Works as
 * root, see {@link Unprivileged}. Writes are as durable as on a real server: the promises kept in it are meant to
 * survive a killed process.
 */
public final class LocalPostgres {
    private static final String USER = "callmeback";
    private static final String DATABASE = "callmeback";
    private static final Duration INIT_WITHIN = Duration.ofSeconds(60);

    private final Path home;
    private final Path data;
    private final Unprivileged unprivileged;
    private final int port;
    private final String password;

    private LocalPostgres(Path home, Path data, Unprivileged unprivileged, int port, String password) {
        this.home = home;
        this.data = data;
        this.unprivileged = unprivileged;
        this.port = port;
        this.password = password;
    }

    /**
     * Unpacks the programs and makes the data directory if need be.
     *
     * @param directory of this environment; the data go into a sub-directory named by the major version
     * @param password used when the data directory is made, and to connect ever after
     */
    public static LocalPostgres prepare(
            Path machineCache, Path directory, int port, String password, Consumer<String> progress)
            throws IOException {
        Path home = PostgresBinaries.unpack(machineCache);
        String major = PostgresBinaries.VERSION.substring(0, PostgresBinaries.VERSION.indexOf('.'));
        Path data = directory.toAbsolutePath().resolve(major);
        Files.createDirectories(data.getParent());
        boolean fresh = !Files.isRegularFile(data.resolve("PG_VERSION"));
        Path work = fresh ? Files.createTempDirectory(data.getParent(), "init-") : data;
        Unprivileged unprivileged = Unprivileged.choose(home, work);
        if (fresh) {
            progress.accept("PostgreSQL: making the data directory " + data);
            initialise(home, work, unprivileged, password);
            Files.move(work, data, StandardCopyOption.ATOMIC_MOVE);
        }
        return new LocalPostgres(home, data, unprivileged, port, password);
    }

    private static void initialise(Path home, Path data, Unprivileged unprivileged, String password)
            throws IOException {
        Path passwordFile = data.getParent().resolve("init-password");
        Files.writeString(passwordFile, password + "\n");
        List<String> command = unprivileged.command(List.of(
                home.resolve("bin/initdb").toString(),
                "-D",
                data.toString(),
                "-U",
                USER,
                "--auth=scram-sha-256",
                "--pwfile=/dev/stdin",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync"));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectInput(passwordFile.toFile())
                    .start();
            Thread limit = Thread.ofVirtual().start(() -> endAfter(process, INIT_WITHIN));
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            limit.interrupt();
            if (exit != 0) {
                throw new IOException("initdb ended with " + exit + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while making the data directory", e);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
    }

    private static void endAfter(Process process, Duration limit) {
        try {
            if (!ProcessEnd.within(process, limit)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The server as a child process; ready once it answers a query and has our database. */
    public ProcessSpec process() {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/postgres").toString(), "-D", data.toString()));
        for (String setting : List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "max_connections=200",
                "shared_buffers=64MB",
                "log_min_messages=warning",
                "timezone=UTC",
                "log_timezone=UTC")) {
            command.addAll(List.of("-c", setting));
        }
        return new ProcessSpec(
                "postgres",
                unprivileged.command(command),
                Map.of("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"), "LC_ALL", "C", "TZ", "UTC"),
                Path.of("/"),
                this::ready,
                StopSignal.INT,
                Duration.ofSeconds(60),
                Duration.ofSeconds(15));
    }

    /** {@code postgres://user:password@host:port/database}. */
    public String url() {
        return url(port, password);
    }

    /** The address of a local database, from what a running environment left behind. */
    public static String url(int port, String password) {
        return "postgres://" + USER + ":" + password + "@127.0.0.1:" + port + "/" + DATABASE;
    }

    private boolean ready() throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            boolean exists;
            try (ResultSet row =
                    statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
                exists = row.next();
            }
            if (!exists) {
                statement.execute("create database " + DATABASE);
            }
            return true;
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?connectTimeout=2&socketTimeout=10",
                USER,
                password);
    }
}
