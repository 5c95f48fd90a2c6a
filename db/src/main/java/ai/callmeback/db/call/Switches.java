package ai.callmeback.db.call;

import java.time.Instant;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An operator's switches. Read where they matter, each time: stopping takes effect at once, without a deploy. */
@Component
public final class Switches {
    public static final String DIALING = "dialing";
    public static final String CHARGING = "charging";
    public static final String ANSWERING = "answering";

    private final DatabaseClient db;

    /** How a switch stands, and why; the reason is empty when none was given. */
    public record State(String name, boolean enabled, String reason, Instant changedAt) {}

    public Switches(DatabaseClient db) {
        this.db = db;
    }

    /** False: nobody is dialled, no new attempt begins. */
    public Mono<Boolean> dialingEnabled() {
        return enabled(DIALING);
    }

    /** False: calls settle without charge. */
    public Mono<Boolean> chargingEnabled() {
        return enabled(CHARGING);
    }

    /** False: who rings us is turned away. */
    public Mono<Boolean> answeringEnabled() {
        return enabled(ANSWERING);
    }

    /** All of them, by name. */
    public Flux<State> all() {
        return db.sql("select name, enabled, reason, changed_at from switches order by name")
                .map(row -> new State(
                        Rows.text(row, "name"),
                        Rows.required(row, "enabled", Boolean.class),
                        Rows.text(row, "reason"),
                        Rows.required(row, "changed_at", Instant.class)))
                .all();
    }

    public Mono<Boolean> enabled(String name) {
        return db.sql("select enabled from switches where name = :name")
                .bind("name", name)
                .map(row -> Rows.required(row, "enabled", Boolean.class))
                .one();
    }

    /** Answers false when there is no such switch. A repeat only refreshes reason and time. */
    public Mono<Boolean> set(String name, boolean enabled, String reason, Instant at) {
        return db.sql("update switches set enabled = :on, reason = :reason, changed_at = :at where name = :name")
                .bind("name", name)
                .bind("on", enabled)
                .bind("reason", reason)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .map(n -> n == 1);
    }
}
