package ai.callmeback.simulators.deepgram;

import ai.callmeback.simulators.core.LineFile;
import ai.callmeback.simulators.core.Resettable;
import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.wire.Json;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** How many sessions are open, and what the closed ones used. Keeps the newest {@value #MAX_REQUESTS}. */
@Component
final class DeepgramAccount implements Resettable {
    /** One finished session. */
    record Usage(String requestId, Instant created, boolean flux, String model, List<String> tags, long audioMillis) {
        double hours() {
            return audioMillis / 3_600_000.0;
        }
    }

    static final int MAX_REQUESTS = 10_000;

    private final SimTime time;
    private final AtomicInteger open = new AtomicInteger();
    private final Deque<Usage> finished = new ArrayDeque<>();
    private final LineFile file;

    /** @param file what was used in earlier runs of the simulators: a vendor forgets no bill */
    DeepgramAccount(SimTime time, @Qualifier("deepgramRequests") LineFile file) {
        this.time = time;
        this.file = file;
        for (String line : file.found()) {
            Usage usage = Json.read(line, Usage.class);
            if (usage != null) {
                finished.addLast(usage);
            }
        }
    }

    /** Takes a place for a session, or not if all are taken. */
    boolean open(int limit) {
        if (open.incrementAndGet() > limit) {
            open.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Gives back a place that no session came to use. */
    void abandoned() {
        open.decrementAndGet();
    }

    void closed(ListenSession session) {
        open.decrementAndGet();
        ListenOptions options = session.options;
        Usage usage = new Usage(
                session.requestId, time.now(), options.flux(), options.model(), options.tags(), session.audioMillis());
        synchronized (finished) {
            if (finished.size() == MAX_REQUESTS) {
                finished.removeFirst();
            }
            finished.addLast(usage);
        }
        file.append(Json.write(usage));
    }

    /** Newest first. */
    List<Usage> finished() {
        synchronized (finished) {
            return new ArrayList<>(finished.reversed());
        }
    }

    @Override
    public void reset() {
        synchronized (finished) {
            finished.clear();
        }
        file.clear();
    }
}
