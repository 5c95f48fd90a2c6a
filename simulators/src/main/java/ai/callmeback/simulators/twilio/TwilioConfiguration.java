package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.EventLoopTime;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.phone.PhoneBook;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TwilioConfiguration {
    private static final int KEPT_CALLS = 10_000;

    @Bean
    Exchange exchange(
            EventLoopTime time,
            Journal journal,
            Faults faults,
            PhoneBook phones,
            HttpWebhooks webhooks,
            CallMemory memory,
            TwilioSettings initialTwilioSettings) {
        return new Exchange(
                time,
                journal,
                faults,
                phones,
                webhooks,
                new NettyMediaSockets(time),
                new Sids(new SecureRandom()),
                memory,
                initialTwilioSettings);
    }

    /** In the directory that outlasts the process, if it was given one. */
    @Bean(destroyMethod = "close")
    CallMemory callMemory(@Value("${simulators.data-directory:}") String directory) throws IOException {
        return directory.isBlank()
                ? CallMemory.NONE
                : new CallFile(Path.of(directory, "twilio-calls.jsonl"), KEPT_CALLS);
    }

    @Bean
    TwilioSettings initialTwilioSettings(
            @Value("${simulators.twilio.account-sid}") String accountSid,
            @Value("${simulators.twilio.auth-token}") String authToken,
            @Value("${simulators.twilio.phone-number}") String number,
            @Value("${simulators.twilio.persona-numbers}") List<String> personaNumbers,
            @Value("${simulators.twilio.voice-url}") String voiceUrl) {
        Set<String> numbers = new LinkedHashSet<>(Set.of(number));
        // Each is persona:number; whose it is, is the customer's business.
        personaNumbers.stream()
                .filter(entry -> entry.contains(":"))
                .forEach(entry ->
                        numbers.add(entry.substring(entry.indexOf(':') + 1).strip()));
        return TwilioSettings.defaults(accountSid, authToken, numbers, voiceUrl);
    }

    @Bean
    HttpWebhooks webhooks(EventLoopTime time, TwilioSettings initialTwilioSettings) {
        return new HttpWebhooks(time, initialTwilioSettings::authToken);
    }
}
