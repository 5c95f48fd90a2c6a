package ai.callmeback.dev.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a child process is.
 *
 * @param name also the name of its log, {@code <name>.log}
 * @param environment the whole environment; nothing is inherited
 * @param ready asked every {@value ManagedProcess#PROBE_MILLIS} ms until it says yes
 * @param readyWithin after that long without readiness the process is restarted
 * @param stopWithin after that long it is killed
 */
public record ProcessSpec(
        String name,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        Probe ready,
        StopSignal stopSignal,
        Duration readyWithin,
        Duration stopWithin) {

    public ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** Says whether the process can do its work; an exception means no. */
    @FunctionalInterface
    public interface Probe {
        boolean ready() throws Exception;
    }
}
