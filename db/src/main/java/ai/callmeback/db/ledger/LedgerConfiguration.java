package ai.callmeback.db.ledger;

import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.r2dbc.core.DatabaseClient;

/** Found by the component scan of {@link ai.callmeback.db.DatabaseConfiguration}. */
@Configuration(proxyBeanMethods = false)
class LedgerConfiguration {

    @Bean
    Ledger ledger(DatabaseClient client, ObjectProvider<InstantSource> clock) {
        return Ledger.on(client, clock.getIfAvailable(InstantSource::system));
    }

    @Bean
    LedgerCorrections ledgerCorrections(DatabaseClient client, ObjectProvider<InstantSource> clock) {
        return LedgerCorrections.on(client, clock.getIfAvailable(InstantSource::system));
    }
}
