package ai.callmeback.dev.chaos;

import ai.callmeback.db.Database;
import ai.callmeback.db.DatabaseSettings;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.ledger.GrantRequest;
import ai.callmeback.db.ledger.GrantSource;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UserId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;

/** Lets the demo user have as many calls at once as an account may have, and the credits for all calls of a run. */
public final class ChaosAccount {
    /** The bound the database sets. */
    static final int CALLS_AT_ONCE = 50;

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private ChaosAccount() {}

    public static void provide(String databaseUrl, int minutes) {
        try (Database database =
                Database.open(DatabaseSettings.parse(databaseUrl).withMaxConnections(1))) {
            DatabaseClient client = DatabaseClient.create(database.connectionFactory());
            UserId user = client.sql("select id from users where email = :email")
                    .bind("email", ApiClient.DEMO_EMAIL)
                    .map(row -> new UserId(row.get("id", UUID.class)))
                    .one()
                    .block(DEADLINE);
            if (user == null) {
                throw new IllegalStateException("there is no demo user in this environment");
            }
            new Users(client).allowConcurrentCalls(user, CALLS_AT_ONCE).block(DEADLINE);
            Ledger.on(client, InstantSource.system())
                    .grant(GrantRequest.free(
                            "chaos:" + UUID.randomUUID(), user, Credits.ofMinutes(minutes), GrantSource.GOODWILL))
                    .block(DEADLINE);
        }
    }
}
