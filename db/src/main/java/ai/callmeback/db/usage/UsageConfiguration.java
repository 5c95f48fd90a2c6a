package ai.callmeback.db.usage;

import ai.callmeback.db.cost.PriceBook;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.r2dbc.core.DatabaseClient;

/** Found by the component scan of {@link ai.callmeback.db.DatabaseConfiguration}. */
@Configuration(proxyBeanMethods = false)
class UsageConfiguration {

    @Bean
    UsageStore usageStore(DatabaseClient client, PriceBook prices) {
        return UsageStore.on(client, prices);
    }
}
