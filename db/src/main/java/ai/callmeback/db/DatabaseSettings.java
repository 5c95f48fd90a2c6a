package ai.callmeback.db;

import io.r2dbc.postgresql.client.SSLMode;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Where the database is and how much of it one process may use.
 *
 * <p>{@link #toString()} never shows the password.
 *
 * @param sslMode how far TLS is demanded; {@code sslmode} of the URL, {@code disable} when absent
 * @param maxConnections upper bound of the pool; a request beyond it waits at most {@code acquireTimeout}
 * @param statementTimeout PostgreSQL cancels a statement that runs longer
 * @param eventLoops threads of the database's own event loops, apart from those of HTTP and voice
 */
public record DatabaseSettings(
        String host,
        int port,
        String database,
        String user,
        String password,
        SSLMode sslMode,
        int maxConnections,
        Duration acquireTimeout,
        Duration statementTimeout,
        int eventLoops) {

    public static final int DEFAULT_MAX_CONNECTIONS = 16;
    public static final Duration DEFAULT_ACQUIRE_TIMEOUT = Duration.ofSeconds(5);
    public static final Duration DEFAULT_STATEMENT_TIMEOUT = Duration.ofSeconds(10);
    public static final int DEFAULT_EVENT_LOOPS = 2;

    public DatabaseSettings {
        Objects.requireNonNull(sslMode, "sslMode");
        requireText(host, "host");
        requireText(database, "database name");
        requireText(user, "user");
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("database port " + port + " is not within 1..65535");
        }
        if (maxConnections < 1 || maxConnections > 200) {
            throw new IllegalArgumentException("maxConnections " + maxConnections + " is not within 1..200");
        }
        if (eventLoops < 1 || eventLoops > 32) {
            throw new IllegalArgumentException("eventLoops " + eventLoops + " is not within 1..32");
        }
    }

    /**
     * Reads {@code postgres://user:password@host:port/database?sslmode=require}; {@code postgresql} is accepted as
     * the scheme, user and password may be percent-encoded, the port defaults to 5432.
     *
     * @throws IllegalArgumentException when a part is missing; the message never repeats the password
     */
    public static DatabaseSettings parse(String url) {
        URI uri = parseUri(url);
        String userInfo = Objects.requireNonNullElse(uri.getRawUserInfo(), "");
        int colon = userInfo.indexOf(':');
        String path = Objects.requireNonNullElse(uri.getPath(), "");
        return new DatabaseSettings(
                Objects.requireNonNullElse(uri.getHost(), ""),
                uri.getPort() < 0 ? 5432 : uri.getPort(),
                path.startsWith("/") ? path.substring(1) : path,
                decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                colon < 0 ? "" : decode(userInfo.substring(colon + 1)),
                SSLMode.fromValue(queryOf(uri).getOrDefault("sslmode", "disable")),
                DEFAULT_MAX_CONNECTIONS,
                DEFAULT_ACQUIRE_TIMEOUT,
                DEFAULT_STATEMENT_TIMEOUT,
                DEFAULT_EVENT_LOOPS);
    }

    /** The same database with another bound on the pool. */
    public DatabaseSettings withMaxConnections(int connections) {
        return new DatabaseSettings(
                host,
                port,
                database,
                user,
                password,
                sslMode,
                connections,
                acquireTimeout,
                statementTimeout,
                eventLoops);
    }

    /** Another database of the same server. */
    public DatabaseSettings withDatabase(String name) {
        return new DatabaseSettings(
                host,
                port,
                name,
                user,
                password,
                sslMode,
                maxConnections,
                acquireTimeout,
                statementTimeout,
                eventLoops);
    }

    /** The JDBC form, without user and password; used by Flyway alone. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database + "?sslmode=" + sslModeName();
    }

    @Override
    public String toString() {
        return "DatabaseSettings[postgres://" + user + ":***@" + host + ":" + port + "/" + database + ", sslMode="
                + sslModeName() + ", maxConnections=" + maxConnections + ", acquireTimeout=" + acquireTimeout
                + ", statementTimeout=" + statementTimeout + ", eventLoops=" + eventLoops + "]";
    }

    private String sslModeName() {
        return sslMode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static URI parseUri(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException malformed) {
            // The cause is left out on purpose: its message repeats the URL, and with it the password.
            throw new IllegalArgumentException("DATABASE_URL is not a URL; percent-encode special characters");
        }
        if (!"postgres".equals(uri.getScheme()) && !"postgresql".equals(uri.getScheme())) {
            throw new IllegalArgumentException(
                    "DATABASE_URL must begin with postgres:// or postgresql://, not " + uri.getScheme() + "://");
        }
        return uri;
    }

    private static Map<String, String> queryOf(URI uri) {
        if (uri.getRawQuery() == null) {
            return Map.of();
        }
        return Arrays.stream(uri.getRawQuery().split("&", -1))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> decode(pair[0]), pair -> decode(pair[1]), (first, second) -> second));
    }

    private static String decode(String encoded) {
        // URLDecoder reads '+' as a space, which is the rule of forms, not of URLs.
        return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static void requireText(String value, String name) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("DATABASE_URL has no " + name);
        }
    }
}
