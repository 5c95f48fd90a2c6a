package ai.callmeback.simulators.elevenlabs;

import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.LineFile;
import ai.callmeback.simulators.tuning.TuningSwitch;
import java.io.IOException;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ElevenLabsSettings.class)
class ElevenLabsConfiguration {
    /** Before the annotated controllers, which know nothing of sockets. */
    private static final int FIRST = -1;

    private static final int KEPT_GENERATIONS = 200_000;
    private static final String VOICE = "/elevenlabs/v1/text-to-speech/{voice}/";

    /** In the directory that outlasts the process, if it was given one. */
    @Bean(destroyMethod = "close")
    LineFile elevenLabsUsage(@Value("${simulators.data-directory:}") String directory) throws IOException {
        return LineFile.in(directory, "elevenlabs-usage.jsonl", KEPT_GENERATIONS);
    }

    @Bean
    SimpleUrlHandlerMapping elevenLabsSockets(
            Journal journal, Faults faults, TuningSwitch tuning, ElevenLabsSettings settings, TtsAccount account) {
        TtsSession.Shared shared =
                new TtsSession.Shared(journal, faults, tuning, settings, account, new SharedRandom());
        return new SimpleUrlHandlerMapping(
                Map.of(
                        VOICE + "multi-stream-input", new TtsEndpoint(true, shared),
                        VOICE + "stream-input", new TtsEndpoint(false, shared)),
                FIRST);
    }

    /** Sizes of chunks need be neither secret nor repeatable, only cheap on every event loop. */
    private static final class SharedRandom implements RandomGenerator {
        @Override
        public long nextLong() {
            return java.util.concurrent.ThreadLocalRandom.current().nextLong();
        }
    }
}
