package ai.callmeback.voice.socket;

import ai.callmeback.domain.CallId;
import ai.callmeback.voice.call.CallSession;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.workflows.call.ConverseResult;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls this worker speaks on, for those that are not on their loops: lease renewal, the converse activity, shutdown.
 * Reads are safe on any thread; to act on a call, {@link Live#run} goes to its loop.
 *
 * <p>Bounds: {@code capacity} sockets; results of the last {@value #RESULTS_KEPT} legs.
 */
public final class LiveCalls {
    static final int RESULTS_KEPT = 2000;

    /** One call and the loop it lives on. */
    public record Live(CallSession session, CallLoop loop) {
        /** Does something to the call, on its loop. */
        public void run(Consumer<CallSession> action) {
            loop.execute(() -> action.accept(session));
        }
    }

    private record Leg(CallId callId, int mediaLeg) {}

    private final int capacity;
    private final AtomicInteger sockets = new AtomicInteger();
    private final Map<CallId, Live> live = new ConcurrentHashMap<>();
    private final Map<Leg, ConverseResult> results = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Leg, ConverseResult> eldest) {
            return size() > RESULTS_KEPT;
        }
    };

    public LiveCalls(int capacity) {
        this.capacity = capacity;
    }

    public int capacity() {
        return capacity;
    }

    /** Takes a place for a socket; false if there is none left. */
    boolean enter() {
        if (sockets.incrementAndGet() > capacity) {
            sockets.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        sockets.decrementAndGet();
    }

    /** From now on the call is spoken on here; an older stream of it is not. */
    public void add(Live call) {
        Live before = live.put(call.session().setup().callId(), call);
        if (before != null) {
            before.run(CallSession::superseded);
        }
    }

    void remove(CallSession session) {
        live.computeIfPresent(session.setup().callId(), (id, current) -> current.session() == session ? null : current);
    }

    /** Remembers how a leg ended. */
    public void ended(CallId callId, int mediaLeg, ConverseResult result) {
        synchronized (results) {
            results.put(new Leg(callId, mediaLeg), result);
        }
    }

    /** How a leg ended; null if it lives, or is not remembered. */
    public @Nullable ConverseResult resultOf(CallId callId, int mediaLeg) {
        synchronized (results) {
            return results.get(new Leg(callId, mediaLeg));
        }
    }

    public @Nullable Live find(CallId callId) {
        return live.get(callId);
    }

    public Collection<CallId> callIds() {
        return List.copyOf(live.keySet());
    }

    public Collection<Live> all() {
        return List.copyOf(live.values());
    }

    public int count() {
        return live.size();
    }
}
