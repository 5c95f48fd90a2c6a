package ai.callmeback.dev;

import ai.callmeback.dev.env.Checkout;
import ai.callmeback.dev.env.Settings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an environment is started.
 *
 * @param state the directory for data, secrets and logs
 * @param images the directory for the unpacked applications, which environments of the same build may share
 * @param voiceWorkers how many voice workers, at least one
 * @param usualPorts whether 8080 and its like may be used where they are free
 * @param recordStartCaches whether processes record the JDK's start-up cache at their end
 */
public record StackOptions(
        Checkout checkout,
        Path state,
        Path images,
        Settings settings,
        int voiceWorkers,
        boolean usualPorts,
        boolean recordStartCaches) {

    public StackOptions {
        if (voiceWorkers < 1 || voiceWorkers > 16) {
            throw new IllegalArgumentException("1 to 16 voice workers can be started, not " + voiceWorkers);
        }
    }

    /** What {@code callmeback up} does. */
    public static StackOptions local(Checkout checkout, Settings settings) {
        return new StackOptions(checkout, checkout.state(), checkout.state().resolve("apps"), settings, 1, true, true);
    }

    /**
     * For tests: in a directory of its own, on free ports only, without anything this shell has set for vendors. Only
     * the unpacked applications are shared by all tests of a build.
     */
    public static StackOptions isolated(Checkout checkout, Path state) {
        Map<String, String> environment = new LinkedHashMap<>(System.getenv());
        for (var vendor : ai.callmeback.dev.env.Vendor.values()) {
            environment.keySet().removeAll(vendor.credentials());
            environment.remove(vendor.baseSetting());
        }
        environment.remove("DATABASE_URL");
        environment.remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        return new StackOptions(checkout, state, checkout.testImages(), new Settings(environment), 1, false, false);
    }

    public StackOptions withVoiceWorkers(int count) {
        return new StackOptions(checkout, state, images, settings, count, usualPorts, recordStartCaches);
    }

    public StackOptions recordingStartCaches(boolean record) {
        return new StackOptions(checkout, state, images, settings, voiceWorkers, usualPorts, record);
    }

    /** Adds or replaces one setting. */
    public StackOptions with(String name, String value) {
        Map<String, String> values = new LinkedHashMap<>(settings.values());
        values.put(name, value);
        return new StackOptions(
                checkout, state, images, new Settings(values), voiceWorkers, usualPorts, recordStartCaches);
    }
}
