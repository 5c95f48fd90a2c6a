package ai.callmeback.api;

import ai.callmeback.api.settings.ApiSettings;
import ai.callmeback.db.DatabaseConfiguration;
import ai.callmeback.domain.IdSource;
import ai.callmeback.vendors.VendorsConfiguration;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The API: REST, webhooks, live events, the codec server and the web UI. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(ApiSettings.class)
@Import({DatabaseConfiguration.class, VendorsConfiguration.class})
public class ApiApplication {
    public static void main(String[] args) {
        SpringApplication.run(ApiApplication.class, args);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    IdSource idSource() {
        return IdSource.timeOrdered();
    }

    @Bean
    SecureRandom secureRandom() {
        return new SecureRandom();
    }
}
