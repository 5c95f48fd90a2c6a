package ai.callmeback.db.cost;

import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.r2dbc.core.DatabaseClient;

/** Found by the component scan of {@link ai.callmeback.db.DatabaseConfiguration}. */
@Configuration(proxyBeanMethods = false)
class CostConfiguration {

    @Bean
    CostRecorder costRecorder(DatabaseClient client, ObjectProvider<InstantSource> clock) {
        return CostRecorder.on(client, clock.getIfAvailable(InstantSource::system));
    }

    /** Primary, because the recorder's class is a price book too, which Spring sees once it has made it. */
    @Bean
    @Primary
    PriceBook priceBook(DatabaseClient client) {
        return PriceBook.on(client);
    }
}
