package ai.callmeback.db;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.r2dbc.core.DatabaseClient;

class DatabaseConfigurationTest {

    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(DatabaseConfiguration.class)
    static class App {}

    private final ApplicationContextRunner app = new ApplicationContextRunner().withUserConfiguration(App.class);

    @Test
    void anApplicationGetsAMigratedDatabaseOnLoopsOfItsOwn() {
        app.withPropertyValues("DATABASE_URL=" + DB.url()).run(context -> {
            String thread = context.getBean(DatabaseClient.class)
                    .sql("select count(*) from flyway_schema_history")
                    .map(row -> Thread.currentThread().getName())
                    .one()
                    .block(Duration.ofSeconds(10));
            assertThat(thread).startsWith("db-");
        });
    }

    @Test
    void aMissingUrlIsSaidInWords() {
        app.withPropertyValues("DATABASE_URL=")
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("DATABASE_URL is not set"));
    }
}
