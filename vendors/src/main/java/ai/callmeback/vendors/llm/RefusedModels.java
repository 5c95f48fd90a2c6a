package ai.callmeback.vendors.llm;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.VendorFault.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models asked for by name that the vendor does not have: not asked for again until {@link #FORGET} has passed, so that not
 * each turn of a talk pays for a refusal. At most {@value #MOST} are remembered; of more the oldest is asked again sooner.
 * Any thread.
 */
final class RefusedModels {
    static final Duration FORGET = Duration.ofMinutes(10);
    static final int MOST = 64;

    private static final Logger LOG = LoggerFactory.getLogger(RefusedModels.class);

    private final LongSupplier nanos;
    private final Map<String, Long> until = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };

    RefusedModels(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Remembers the model if this is why it did not answer. */
    synchronized void note(String model, VendorFault fault) {
        boolean refused = fault.kind() == Kind.NOT_FOUND
                || (!fault.retryable() && fault.code().startsWith("model_"));
        if (refused) {
            until.remove(model);
            until.put(model, nanos.getAsLong() + FORGET.toNanos());
            LOG.warn("the language model {} is refused ({} {}): others answer", model, fault.kind(), fault.code());
        }
    }

    synchronized boolean has(String model) {
        Long end = until.get(model);
        if (end != null && end - nanos.getAsLong() <= 0) {
            until.remove(model);
            return false;
        }
        return end != null;
    }
}
