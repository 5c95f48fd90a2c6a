package ai.callmeback.voice.worker;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the voice worker alone.
 *
 * @param capacity media sockets taken at once
 * @param eventLoops threads that calls live on; 0 for one per processor
 * @param rehearsal longest time spent on calls within the process before any other is taken; 0 for none
 * @param drain how long a stopping worker waits for its calls to be gone
 * @param leaveMessages when a machine answers: leave a short message, or hang up at once
 */
@ConfigurationProperties("callmeback.voice")
record VoiceSettings(
        @DefaultValue("200") int capacity,
        @DefaultValue("0") int eventLoops,
        @DefaultValue("4s") Duration rehearsal,
        @DefaultValue("30s") Duration drain,
        @DefaultValue("false") boolean leaveMessages) {

    int loops() {
        return eventLoops > 0 ? eventLoops : Runtime.getRuntime().availableProcessors();
    }
}
