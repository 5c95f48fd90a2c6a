package ai.callmeback.dev.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** All children of one environment. Closing it ends them in the reverse order of their start, then the guard. */
public final class Supervisor implements AutoCloseable {
    private final Path logs;
    private final Consumer<String> notices;
    private final Guard guard = Guard.start();
    private final List<ManagedProcess> processes = new CopyOnWriteArrayList<>();

    /** @param notices told in words what happens to the children: deaths, restarts, giving up */
    public Supervisor(Path logs, Consumer<String> notices) {
        this.logs = logs;
        this.notices = notices;
    }

    public ManagedProcess start(ProcessSpec spec) {
        ManagedProcess process = new ManagedProcess(spec, logs, guard, notices);
        processes.add(process);
        process.start();
        return process;
    }

    public List<ManagedProcess> processes() {
        return List.copyOf(processes);
    }

    public Optional<ManagedProcess> find(String name) {
        return processes.stream().filter(p -> p.name().equals(name)).findFirst();
    }

    /** Stops the given ones side by side, and returns when all are down. */
    public static void stopTogether(List<ManagedProcess> group) {
        List<Thread> stoppers = new ArrayList<>();
        for (ManagedProcess each : group) {
            stoppers.add(Thread.ofVirtual().start(each::stop));
        }
        for (Thread each : stoppers) {
            try {
                each.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void close() {
        for (ManagedProcess each : processes.reversed()) {
            each.stop();
        }
        guard.close();
    }
}
