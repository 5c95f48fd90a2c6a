package ai.callmeback.db;

import io.r2dbc.spi.ConnectionFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;

/**
 * What an application imports to have the database: pool, client, transactions, and every repository of this module.
 *
 * <p>Migrations run before the first connection is handed out, in whichever application starts first. Spring Boot's
 * own Flyway and R2DBC set-up steps back because these beans exist.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class DatabaseConfiguration {

    @Bean
    DatabaseSettings databaseSettings(
            @Value("${callmeback.database.url:${DATABASE_URL:}}") String url,
            @Value("${callmeback.database.max-connections:" + DatabaseSettings.DEFAULT_MAX_CONNECTIONS + "}")
                    int maxConnections) {
        if (url.isBlank()) {
            throw new IllegalStateException("DATABASE_URL is not set; it looks like postgres://user:password@host/db");
        }
        return DatabaseSettings.parse(url).withMaxConnections(maxConnections);
    }

    @Bean(destroyMethod = "close")
    Database database(DatabaseSettings settings) {
        Database.migrate(settings);
        return Database.open(settings);
    }

    /** The {@link Database} bean closes the pool, so this one must not. */
    @Bean(destroyMethod = "")
    ConnectionFactory connectionFactory(Database database) {
        return database.connectionFactory();
    }

    @Bean
    DatabaseClient databaseClient(ConnectionFactory connectionFactory) {
        return DatabaseClient.create(connectionFactory);
    }

    @Bean
    R2dbcTransactionManager transactionManager(ConnectionFactory connectionFactory) {
        return new R2dbcTransactionManager(connectionFactory);
    }

    @Bean
    TransactionalOperator transactionalOperator(R2dbcTransactionManager transactionManager) {
        return TransactionalOperator.create(transactionManager);
    }
}
