package ai.callmeback.simulators.deepgram;

import java.util.List;
import java.util.OptionalInt;

/**
 * A checked request to listen.
 *
 * @param flux whether it is for {@code /v2/listen}
 * @param bytesPerSample 1 for µ-law, 2 for linear16
 * @param sampleRate 8000, or for linear16 a multiple of it
 * @param eotThreshold Flux: confidence that ends a turn; 1.0 leaves that to the timeout
 * @param eagerEotThreshold Flux: confidence for EagerEndOfTurn; 0 switches it off
 * @param eotTimeoutMillis Flux: silence that ends a turn whatever the confidence
 * @param endpointingMillis Nova: silence that ends an utterance; empty if switched off
 * @param utteranceEndMillis Nova: gap after the last word that sends UtteranceEnd; empty if not asked for
 */
record ListenOptions(
        boolean flux,
        String model,
        int bytesPerSample,
        int sampleRate,
        double eotThreshold,
        double eagerEotThreshold,
        int eotTimeoutMillis,
        boolean interimResults,
        OptionalInt endpointingMillis,
        OptionalInt utteranceEndMillis,
        boolean vadEvents,
        boolean punctuate,
        List<String> keyterms,
        List<String> tags) {

    ListenOptions withThresholds(double eot, double eager, int timeoutMillis) {
        return new ListenOptions(
                flux,
                model,
                bytesPerSample,
                sampleRate,
                eot,
                eager,
                timeoutMillis,
                interimResults,
                endpointingMillis,
                utteranceEndMillis,
                vadEvents,
                punctuate,
                keyterms,
                tags);
    }

    ListenOptions withKeyterms(List<String> terms) {
        return new ListenOptions(
                flux,
                model,
                bytesPerSample,
                sampleRate,
                eotThreshold,
                eagerEotThreshold,
                eotTimeoutMillis,
                interimResults,
                endpointingMillis,
                utteranceEndMillis,
                vadEvents,
                punctuate,
                terms,
                tags);
    }
}
