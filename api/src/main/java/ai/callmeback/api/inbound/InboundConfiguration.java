package ai.callmeback.api.inbound;

import ai.callmeback.db.inbound.InboundCalls;
import ai.callmeback.db.inbound.InboundDesk;
import ai.callmeback.db.ledger.Ledger;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InboundSettings.class)
class InboundConfiguration {
    @Bean
    InboundCalls inboundCalls(DatabaseClient db, TransactionalOperator transactions, Ledger ledger) {
        return new InboundCalls(db, transactions, ledger);
    }

    @Bean
    InboundDesk inboundDesk(DatabaseClient db) {
        return new InboundDesk(db);
    }
}
