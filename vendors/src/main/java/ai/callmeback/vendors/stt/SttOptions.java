package ai.callmeback.vendors.stt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a call wants to be listened to.
 *
 * @param model vendor model, for example {@code flux-general-en} or {@code nova-3}
 * @param language language code; sent to Nova only (Flux takes it from its model)
 * @param keyterms words to listen for, at most 100
 * @param tag grouping label on the vendor's bill; never personal data; empty for none
 * @param endOfTurnThreshold Flux confidence at which a turn ends, 0.5 to 1.0
 * @param eagerEndOfTurnThreshold Flux confidence for speculation, 0.3 to 0.9; null switches it off
 * @param endOfTurnTimeoutMillis Flux ends a turn after this silence whatever its confidence
 * @param endpointingMillis Nova's silence that ends a turn
 * @param utteranceEndMillis Nova's word gap that ends a turn if the endpoint was missed; at least 1000
 * @param audioChunkMillis audio is joined to chunks of this length before it is sent: fewer system calls, that much
 *     more delay at most. The vendor recommends about 80
 * @param maxBufferedMillis audio kept while the vendor is not ready
 */
public record SttOptions(
        Engine engine,
        String model,
        String language,
        List<String> keyterms,
        String tag,
        double endOfTurnThreshold,
        @Nullable Double eagerEndOfTurnThreshold,
        int endOfTurnTimeoutMillis,
        int endpointingMillis,
        int utteranceEndMillis,
        int audioChunkMillis,
        int maxBufferedMillis) {

    /** Which of the vendor's two protocols; {@code STT_ENGINE}. */
    public enum Engine {
        FLUX,
        NOVA
    }

    public SttOptions {
        keyterms = List.copyOf(keyterms);
        require(keyterms.size() <= 100, "keyterms", keyterms.size(), "at most 100");
        require(
                endOfTurnThreshold >= 0.5 && endOfTurnThreshold <= 1,
                "endOfTurnThreshold",
                endOfTurnThreshold,
                "0.5–1");
        require(
                eagerEndOfTurnThreshold == null
                        || (eagerEndOfTurnThreshold >= 0.3
                                && eagerEndOfTurnThreshold <= Math.min(0.9, endOfTurnThreshold)),
                "eagerEndOfTurnThreshold",
                String.valueOf(eagerEndOfTurnThreshold),
                "0.3–0.9 and at most endOfTurnThreshold");
        require(
                endOfTurnTimeoutMillis >= 500 && endOfTurnTimeoutMillis <= 60_000,
                "endOfTurnTimeoutMillis",
                endOfTurnTimeoutMillis,
                "500–60000");
        require(utteranceEndMillis >= 1000, "utteranceEndMillis", utteranceEndMillis, "at least 1000");
        require(audioChunkMillis >= 20 && audioChunkMillis <= 250, "audioChunkMillis", audioChunkMillis, "20–250");
        require(
                maxBufferedMillis >= 0 && maxBufferedMillis <= 30_000,
                "maxBufferedMillis",
                maxBufferedMillis,
                "0–30000");
    }

    public static SttOptions flux() {
        return new SttOptions(
                Engine.FLUX, "flux-general-en", "en", List.of(), "", 0.7, 0.4, 5000, 300, 1000, 80, 10_000);
    }

    public static SttOptions nova() {
        return new SttOptions(Engine.NOVA, "nova-3", "en", List.of(), "", 0.7, null, 5000, 300, 1000, 80, 10_000);
    }

    public static SttOptions of(Engine engine) {
        return engine == Engine.FLUX ? flux() : nova();
    }

    public SttOptions withKeyterms(List<String> terms) {
        return new SttOptions(
                engine,
                model,
                language,
                terms,
                tag,
                endOfTurnThreshold,
                eagerEndOfTurnThreshold,
                endOfTurnTimeoutMillis,
                endpointingMillis,
                utteranceEndMillis,
                audioChunkMillis,
                maxBufferedMillis);
    }

    /** Named on the vendor's bill. */
    public SttOptions withTag(String name) {
        return new SttOptions(
                engine,
                model,
                language,
                keyterms,
                name,
                endOfTurnThreshold,
                eagerEndOfTurnThreshold,
                endOfTurnTimeoutMillis,
                endpointingMillis,
                utteranceEndMillis,
                audioChunkMillis,
                maxBufferedMillis);
    }

    private static void require(boolean holds, String name, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + bound);
        }
    }
}
