package ai.callmeback.domain;

import com.fasterxml.uuid.Generators;
import java.util.UUID;
import java.util.function.Supplier;

/** Where new ids come from; injected, so that tests can foresee them. */
@FunctionalInterface
public interface IdSource extends Supplier<UUID> {
    /** Version 7 UUIDs: ordered by time, so that fresh rows sit together in an index. */
    static IdSource timeOrdered() {
        var generator = Generators.timeBasedEpochGenerator();
        return generator::generate;
    }
}
