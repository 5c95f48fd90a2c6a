package ai.callmeback.activities.temporal;

import ai.callmeback.db.inbox.RunTable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the workflows of runs that somebody has asked for, and makes sure of them until they are over. */
public final class AskedRuns {
    private static final Logger log = LoggerFactory.getLogger(AskedRuns.class);
    private static final int BATCH = 10;
    private static final Duration DATABASE = Duration.ofSeconds(8);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private final RunTable<?> runs;
    private final Consumer<String> start;
    private final String name;
    private final InstantSource clock;

    /** @param start by the run's id; finds the workflow if it runs */
    public AskedRuns(RunTable<?> runs, Consumer<String> start, String name, InstantSource clock) {
        this.runs = runs;
        this.start = start;
        this.name = name;
        this.clock = clock;
    }

    /** Answers how many were started, or found running. */
    public int round() {
        List<UUID> due = runs.due(BATCH, LOOK_AGAIN, clock.instant())
                .collectList()
                .blockOptional(DATABASE)
                .orElse(List.of());
        int started = 0;
        for (UUID run : due) {
            try {
                start.accept(run.toString());
                started++;
            } catch (RuntimeException e) {
                log.warn(
                        "{} {} could not be started yet: {}",
                        name,
                        run,
                        e.getClass().getSimpleName());
            }
        }
        return started;
    }
}
