package ai.callmeback.voice.mouth;

import ai.callmeback.vendors.RecentRefusals;
import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.tts.TtsOptions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The product's own voice and speech model, and which of others the vendor has refused of late: instead of those the
 * product's are used, by all calls of the worker, until the vendor is asked again ({@link RecentRefusals}). Any thread.
 */
public final class Voices {
    private static final Logger LOG = LoggerFactory.getLogger(Voices.class);
    private static final Set<Kind> REFUSALS = Set.of(Kind.BAD_REQUEST, Kind.NOT_FOUND, Kind.FORBIDDEN);
    private static final Pattern OF_MODEL = Pattern.compile("(?i)model");
    private static final Pattern OF_VOICE = Pattern.compile("(?i)voice(?![ _-]?settings)");

    private final String usualModel;
    private final String usualVoice;
    private final RecentRefusals refusedModels;
    private final RecentRefusals refusedVoices;
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
        this.refusedModels = new RecentRefusals(nanos);
        this.refusedVoices = new RecentRefusals(nanos);
    }

    public String usualModel() {
        return usualModel;
    }

    /** How that is to be spoken now: as it is, unless the vendor has refused it of late. */
    public TtsOptions effective(TtsOptions wanted) {
        String voice = refusedVoices.has(wanted.voiceId()) ? usualVoice : wanted.voiceId();
        String model = refusedModels.has(wanted.modelId()) ? usualModel : wanted.modelId();
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
            String what, RecentRefusals refused, String id, String usual, AtomicLong count, VendorFault fault) {
        if (id.equals(usual)) {
            return;
        }
        refused.add(id);
        count.incrementAndGet();
        LOG.warn("the speech vendor refuses {} {} ({} {}): {} is used", what, id, fault.kind(), fault.code(), usual);
    }
}
