package ai.callmeback.dev;

import ai.callmeback.dev.apps.App;
import ai.callmeback.dev.env.Vendor;
import ai.callmeback.dev.process.Ports;
import ai.callmeback.dev.temporal.TemporalSource;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is decided before anything starts: which port everything gets, which vendors are simulated, and the settings
 * that follow. The database's address comes later, with the database.
 *
 * @param ports by process name
 * @param temporalUiPort 0 when there is no UI of ours
 */
record StackPlan(
        Map<String, Integer> ports,
        int temporalUiPort,
        List<Vendor> simulated,
        Map<String, String> settings,
        Endpoints endpoints) {
    static final String TEMPORAL = "temporal";
    static final String POSTGRES = "postgres";
    private static final int USUAL_TEMPORAL = 7233;
    private static final int USUAL_POSTGRES = 5432;

    static StackPlan of(StackOptions options, Map<String, String> secrets, Ports free, TemporalSource temporal) {
        Map<String, String> given = options.settings().values();
        List<Vendor> simulated = new ArrayList<>();
        for (Vendor vendor : Vendor.values()) {
            if (vendor.simulated(given)) {
                simulated.add(vendor);
            }
        }
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put(App.API.title(), free.take(App.API.usualPort()));
        ports.put(App.CALL_WORKER.title(), free.take(App.CALL_WORKER.usualPort()));
        for (int worker = 1; worker <= options.voiceWorkers(); worker++) {
            ports.put(voiceWorker(worker), free.take(App.VOICE_WORKER.usualPort() + worker - 1));
        }
        if (!simulated.isEmpty()) {
            ports.put(App.SIMULATORS.title(), free.take(App.SIMULATORS.usualPort()));
        }
        boolean ownTemporal = !(temporal instanceof TemporalSource.Running);
        if (ownTemporal) {
            ports.put(TEMPORAL, free.take(USUAL_TEMPORAL));
        }
        int uiPort = temporal instanceof TemporalSource.Cli ? free.take(USUAL_TEMPORAL + 1000) : 0;
        if (!options.settings().has("DATABASE_URL")) {
            ports.put(POSTGRES, free.take(USUAL_POSTGRES));
        }
        Endpoints endpoints = endpoints(options, ports, uiPort, temporal);
        Map<String, String> settings = settings(given, secrets, simulated, ports, endpoints);
        settings.putIfAbsent(
                "SIMULATORS_DATA",
                options.state().toAbsolutePath().resolve("simulators").toString());
        if (ownTemporal) {
            // A key makes the applications speak TLS, which our own server does not.
            settings.remove("TEMPORAL_API_KEY");
        }
        return new StackPlan(ports, uiPort, simulated, settings, endpoints);
    }

    static String voiceWorker(int number) {
        return App.VOICE_WORKER.title() + "-" + number;
    }

    private static Endpoints endpoints(
            StackOptions options, Map<String, Integer> ports, int uiPort, TemporalSource temporal) {
        URI api = loopback(ports.get(App.API.title()));
        Integer simulators = ports.get(App.SIMULATORS.title());
        String target = temporal instanceof TemporalSource.Running running
                ? running.target()
                : "127.0.0.1:" + ports.get(TEMPORAL);
        String given = options.settings().get("TEMPORAL_UI_URL", "");
        @Nullable URI ui = uiPort > 0 ? loopback(uiPort) : given.isBlank() ? null : URI.create(given);
        return new Endpoints(
                api,
                URI.create(options.settings().get("PUBLIC_URL", api.toString())),
                simulators == null ? null : loopback(simulators),
                target,
                options.settings().get("TEMPORAL_NAMESPACE", "default"),
                ui,
                options.settings().get("DATABASE_URL", ""));
    }

    private static Map<String, String> settings(
            Map<String, String> given,
            Map<String, String> secrets,
            List<Vendor> simulated,
            Map<String, Integer> ports,
            Endpoints endpoints) {
        Map<String, String> settings = new LinkedHashMap<>(given);
        for (Vendor vendor : simulated) {
            settings.putAll(vendor.simulatedSettings(secrets, ports.get(App.SIMULATORS.title())));
        }
        for (String made : List.of("JWT_SECRET", "PAYLOAD_KEYS", "CALLER_HASH_KEY")) {
            settings.putIfAbsent(made, secrets.get(made));
        }
        if (simulated.contains(Vendor.TWILIO)) {
            settings.putIfAbsent("PERSONA_NUMBERS", Vendor.SIMULATED_PERSONA_NUMBERS);
        }
        settings.putIfAbsent("CALLMEBACK_ENV", "local");
        settings.put(
                "CALLMEBACK_SIMULATED_VENDORS",
                simulated.stream()
                        .map(vendor -> vendor.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(",")));
        settings.put("PUBLIC_URL", endpoints.publicUrl().toString());
        settings.put("TEMPORAL_ADDRESS", endpoints.temporalTarget());
        settings.put("TEMPORAL_NAMESPACE", endpoints.temporalNamespace());
        if (endpoints.temporalUi() != null) {
            settings.put("TEMPORAL_UI_URL", endpoints.temporalUi().toString());
        }
        return settings;
    }

    StackPlan withDatabase(String url) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put("DATABASE_URL", url);
        Endpoints known = new Endpoints(
                endpoints.api(),
                endpoints.publicUrl(),
                endpoints.simulators(),
                endpoints.temporalTarget(),
                endpoints.temporalNamespace(),
                endpoints.temporalUi(),
                url);
        return new StackPlan(ports, temporalUiPort, simulated, more, known);
    }

    private static URI loopback(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }
}
