package ai.callmeback.voice.worker;

import ai.callmeback.vendors.settings.SettingsProblem;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the voice worker alone.
 *
 * @param capacity media sockets taken at once
 * @param eventLoops threads that calls live on; 0 for one per processor
 * @param rehearsal longest time spent on calls within the process before any other is taken; 0 for none
 * @param drain how long a stopping worker waits for its calls to be gone, at most {@link #DRAIN_MOST}
 * @param leaveMessages when a machine answers: leave a short message, or hang up at once
 */
@ConfigurationProperties("callmeback.voice")
record VoiceSettings(
        @DefaultValue("200") int capacity,
        @DefaultValue("0") int eventLoops,
        @DefaultValue("4s") Duration rehearsal,
        @DefaultValue("30s") Duration drain,
        @DefaultValue("false") boolean leaveMessages) {

    /** The longest call there is, and less than whoever stops a worker waits before it kills it. */
    static final Duration DRAIN_MOST = Duration.ofMinutes(15);

    /** Settings the worker must not start with. */
    List<SettingsProblem> problems() {
        return drain.isNegative() || drain.compareTo(DRAIN_MOST) > 0
                ? List.of(new SettingsProblem(
                        "VOICE_DRAIN", "is " + drain, "use 0s to " + DRAIN_MOST.toMinutes() + "m", true))
                : List.of();
    }

    int loops() {
        return eventLoops > 0 ? eventLoops : Runtime.getRuntime().availableProcessors();
    }
}
