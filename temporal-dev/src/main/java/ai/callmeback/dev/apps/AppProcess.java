package ai.callmeback.dev.apps;

import ai.callmeback.dev.process.ProcessSpec;
import ai.callmeback.dev.process.StopSignal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One of our applications as a child process, ready when its readiness endpoint says so. */
public final class AppProcess {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private static final List<String> PASSED_ON = List.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR");

    private AppProcess() {}

    /** Unpacks the application if need be and says how to run it. */
    public static ProcessSpec of(
            App app, String name, int port, Path jar, Path images, Map<String, String> settings, boolean mayRecord)
            throws IOException {
        AppImage image = AppImage.prepare(app, jar, images);
        boolean records = image.records(mayRecord);
        return new ProcessSpec(
                name,
                image.command(mayRecord),
                environment(app, port, settings),
                images,
                () -> ready(port),
                StopSignal.TERM,
                Duration.ofSeconds(120),
                records ? Duration.ofSeconds(90) : Duration.ofSeconds(20));
    }

    /** Only what this application reads: a simulator never sees the database, the API never sees the voice's keys. */
    static Map<String, String> environment(App app, int port, Map<String, String> settings) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : PASSED_ON) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        for (String name : app.settings()) {
            String value = settings.getOrDefault(name, "");
            if (!value.isBlank()) {
                environment.put(name, value);
            }
        }
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        environment.put("TZ", "UTC");
        return environment;
    }

    /** Whether {@code /actuator/health/readiness} answers 200. */
    public static boolean ready(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness"))
                .timeout(Duration.ofSeconds(3))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    }
}
