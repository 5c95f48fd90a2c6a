package ai.callmeback.dev.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.env.MachineCache;
import ai.callmeback.dev.process.ManagedProcess;
import ai.callmeback.dev.process.Ports;
import ai.callmeback.dev.process.Supervisor;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real server, as whatever user the tests run, root included. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LocalPostgresTest {
    @TempDir
    Path directory;

    @Test
    void dataSurviveAKilledServerAndARestartOfTheEnvironment() throws Exception {
        try (Ports ports = Ports.freeOnly()) {
            int port = ports.take(0);
            LocalPostgres postgres = prepare(port);
            try (Supervisor supervisor =
                    new Supervisor(directory.resolve("logs"), words -> System.out.println(words))) {
                ManagedProcess process = supervisor.start(postgres.process());
                assertThat(process.awaitReady(Duration.ofSeconds(60))).isTrue();
                execute(postgres.url(), "create table promise (words text)");
                execute(postgres.url(), "insert into promise values ('at seven')");

                process.kill(true);
                process.start();

                assertThat(process.awaitReady(Duration.ofSeconds(60))).isTrue();
                assertThat(read(postgres.url())).isEqualTo("at seven");
            }
            LocalPostgres again = prepare(port);
            try (Supervisor supervisor =
                    new Supervisor(directory.resolve("logs"), words -> System.out.println(words))) {
                assertThat(supervisor.start(again.process()).awaitReady(Duration.ofSeconds(60)))
                        .isTrue();
                assertThat(read(again.url())).isEqualTo("at seven");
            }
            assertThat(Ports.answers(port)).isFalse();
        }
    }

    private LocalPostgres prepare(int port) throws Exception {
        return LocalPostgres.prepare(
                MachineCache.directory(System.getenv()),
                directory.resolve("postgres"),
                port,
                "a password",
                System.out::println);
    }

    private static void execute(String url, String sql) throws Exception {
        try (Connection connection = connect(url)) {
            connection.createStatement().execute(sql);
        }
    }

    private static String read(String url) throws Exception {
        try (Connection connection = connect(url);
                ResultSet row = connection.createStatement().executeQuery("select words from promise")) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection connect(String url) throws Exception {
        URI address = URI.create(url.replace(" ", "%20"));
        String[] user = address.getUserInfo().split(":", 2);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address.getHost() + ":" + address.getPort() + address.getPath(),
                user[0],
                user[1]);
    }
}
