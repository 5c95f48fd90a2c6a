package ai.callmeback.simulators.deepgram;

import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.LineFile;
import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.tuning.TuningSwitch;
import java.io.IOException;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeepgramSettings.class)
class DeepgramConfiguration {
    /** Before the annotated controllers, which know nothing of sockets. */
    private static final int FIRST = -1;

    /** In the directory that outlasts the process, if it was given one. */
    @Bean(destroyMethod = "close")
    LineFile deepgramRequests(@Value("${simulators.data-directory:}") String directory) throws IOException {
        return LineFile.in(directory, "deepgram-requests.jsonl", DeepgramAccount.MAX_REQUESTS);
    }

    @Bean
    SimpleUrlHandlerMapping deepgramSockets(
            Journal journal,
            Faults faults,
            TuningSwitch tuning,
            DeepgramSettings settings,
            DeepgramAccount account,
            SimTime time) {
        ListenSession.Shared shared = new ListenSession.Shared(journal, faults, tuning, settings, account);
        return new SimpleUrlHandlerMapping(
                Map.of(
                        "/deepgram/v2/listen", new ListenEndpoint(true, shared, time),
                        "/deepgram/v1/listen", new ListenEndpoint(false, shared, time)),
                FIRST);
    }
}
