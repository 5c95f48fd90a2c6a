package ai.callmeback.dev;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where everything is.
 *
 * @param api as reached from this machine
 * @param publicUrl as vendors reach it
 * @param simulators null when no vendor is simulated
 * @param temporalUi null for the in-JVM server and for one that somebody else runs
 */
public record Endpoints(
        URI api,
        URI publicUrl,
        @Nullable URI simulators,
        String temporalTarget,
        String temporalNamespace,
        @Nullable URI temporalUi,
        String databaseUrl) {

    /** The page of one workflow in the Temporal UI, or null without one. */
    public @Nullable URI workflowPage(String workflowId) {
        return temporalUi == null
                ? null
                : temporalUi.resolve("/namespaces/" + temporalNamespace + "/workflows/" + workflowId);
    }
}
