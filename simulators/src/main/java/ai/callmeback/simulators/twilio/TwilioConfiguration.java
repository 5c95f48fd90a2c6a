package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.EventLoopTime;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.phone.PhoneBook;
import java.security.SecureRandom;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TwilioConfiguration {
    @Bean
    Exchange exchange(
            EventLoopTime time,
            Journal journal,
            Faults faults,
            PhoneBook phones,
            HttpWebhooks webhooks,
            TwilioSettings initialTwilioSettings) {
        return new Exchange(
                time,
                journal,
                faults,
                phones,
                webhooks,
                new NettyMediaSockets(time),
                new Sids(new SecureRandom()),
                initialTwilioSettings);
    }

    @Bean
    TwilioSettings initialTwilioSettings(
            @Value("${simulators.twilio.account-sid}") String accountSid,
            @Value("${simulators.twilio.auth-token}") String authToken,
            @Value("${simulators.twilio.phone-number}") String number) {
        return TwilioSettings.defaults(accountSid, authToken, number);
    }

    @Bean
    HttpWebhooks webhooks(EventLoopTime time, TwilioSettings initialTwilioSettings) {
        return new HttpWebhooks(time, initialTwilioSettings::authToken);
    }
}
