package ai.callmeback.api.call;

import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.settings.ApiSettings;
import ai.callmeback.domain.UserId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/** How many event streams may be open: for one user, so that nobody takes them all, and for the process. */
@Component
class StreamSlots {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final int perUser;
    private final Semaphore all;
    private final Map<UserId, Integer> open = new ConcurrentHashMap<>();

    StreamSlots(ApiSettings settings) {
        this.perUser = settings.maxEventStreamsPerUser();
        this.all = new Semaphore(settings.maxEventStreams());
    }

    /** Takes a slot, or says how many there are. */
    void take(UserId user) {
        int mine = open.merge(user, 1, Integer::sum);
        if (mine > perUser || !all.tryAcquire()) {
            forget(user);
            throw ProblemException.retryLater(
                    ProblemCode.TOO_MANY_STREAMS,
                    "At most " + perUser + " event streams per account; close one first.",
                    RETRY_AFTER);
        }
    }

    void giveBack(UserId user) {
        forget(user);
        all.release();
    }

    private void forget(UserId user) {
        open.computeIfPresent(user, (id, count) -> count <= 1 ? null : count - 1);
    }
}
