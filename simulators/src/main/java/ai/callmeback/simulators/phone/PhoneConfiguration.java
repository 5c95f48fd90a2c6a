package ai.callmeback.simulators.phone;

import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.SimTime;
import java.util.Random;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PhoneConfiguration {
    /** Noise need not differ from run to run, and tests are glad if it does not. */
    private static final long NOISE_SEED = 20_260_301;

    @Bean
    PhoneBook phoneBook(Journal journal, SimTime time) {
        return new PhoneBook(journal, time, new Random(NOISE_SEED));
    }
}
