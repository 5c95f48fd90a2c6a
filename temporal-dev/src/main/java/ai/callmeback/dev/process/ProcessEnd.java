package ai.callmeback.dev.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for the end of a process; {@code Process.waitFor(Duration)} is newer than our source level. */
public final class ProcessEnd {
    private ProcessEnd() {}

    /** Whether the process ended within that time. */
    public static boolean within(Process process, Duration atMost) throws InterruptedException {
        return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }
}
