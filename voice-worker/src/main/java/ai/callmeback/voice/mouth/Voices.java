package ai.callmeback.voice.mouth;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.tts.TtsOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The product's own voice and speech model, and which of others the vendor has refused of late: instead of those the
 * product's are used, by all calls of the worker, until {@link #FORGET} has passed and the vendor is asked again. At most
 * {@value #MOST} are remembered; of more the oldest is asked again sooner. Any thread.
 */
public final class Voices {
    static final Duration FORGET = Duration.ofMinutes(10);
    static final int MOST = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Voices.class);
    private static final Set<Kind> REFUSALS = Set.of(Kind.BAD_REQUEST, Kind.NOT_FOUND, Kind.FORBIDDEN);
    private static final Pattern OF_MODEL = Pattern.compile("(?i)model");
    private static final Pattern OF_VOICE = Pattern.compile("(?i)voice(?![ _-]?settings)");

    private final String usualModel;
    private final String usualVoice;
    private final LongSupplier nanos;
    private final Map<String, Long> refusedModels = bounded();
    private final Map<String, Long> refusedVoices = bounded();
    private final AtomicLong modelRefusals = new AtomicLong();
    private final AtomicLong voiceRefusals = new AtomicLong();

    /**
     * @param usualModel for personas without a model of their own, and instead of one that is refused
     * @param usualVoice instead of one that is refused
     * @param nanos time that only goes on
     */
    public Voices(String usualModel, String usualVoice, LongSupplier nanos) {
        this.usualModel = usualModel;
        this.usualVoice = usualVoice;
        this.nanos = nanos;
    }

    public String usualModel() {
        return usualModel;
    }

    /** How that is to be spoken now: as it is, unless the vendor has refused it of late. */
    public TtsOptions effective(TtsOptions wanted) {
        String voice = isRefused(refusedVoices, wanted.voiceId()) ? usualVoice : wanted.voiceId();
        String model = isRefused(refusedModels, wanted.modelId()) ? usualModel : wanted.modelId();
        return new TtsOptions(
                voice,
                model,
                wanted.stability(),
                wanted.similarityBoost(),
                wanted.style(),
                wanted.speakerBoost(),
                wanted.speed());
    }

    /**
     * Takes note that the vendor does not speak like that, if this is what the fault says.
     *
     * @return whether there is something to be used instead
     */
    boolean refused(TtsOptions spoken, VendorFault fault) {
        if (says(OF_MODEL, fault)) {
            note("model", refusedModels, spoken.modelId(), usualModel, modelRefusals, fault);
        } else if (says(OF_VOICE, fault)) {
            note("voice", refusedVoices, spoken.voiceId(), usualVoice, voiceRefusals, fault);
        }
        return !effective(spoken).equals(spoken);
    }

    /** How often a model was refused for which the product's was used. */
    public long modelRefusals() {
        return modelRefusals.get();
    }

    /** How often a voice was refused for which the product's was used. */
    public long voiceRefusals() {
        return voiceRefusals.get();
    }

    /** The vendor's code says it whatever the status; its words only where they can be about nothing else. */
    private static boolean says(Pattern about, VendorFault fault) {
        if (fault.retryable()) {
            return false;
        }
        return about.matcher(fault.code()).find()
                || (REFUSALS.contains(fault.kind())
                        && about.matcher(fault.message()).find());
    }

    private void note(
            String what, Map<String, Long> refused, String id, String usual, AtomicLong count, VendorFault fault) {
        if (id.equals(usual)) {
            return;
        }
        synchronized (refused) {
            refused.remove(id);
            refused.put(id, nanos.getAsLong() + FORGET.toNanos());
        }
        count.incrementAndGet();
        LOG.warn("the speech vendor refuses {} {} ({} {}): {} is used", what, id, fault.kind(), fault.code(), usual);
    }

    private boolean isRefused(Map<String, Long> refused, String id) {
        synchronized (refused) {
            Long until = refused.get(id);
            if (until != null && until - nanos.getAsLong() <= 0) {
                refused.remove(id);
                return false;
            }
            return until != null;
        }
    }

    private static Map<String, Long> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > MOST;
            }
        };
    }
}
