package ai.callmeback.dev;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.apps.App;
import ai.callmeback.dev.env.Checkout;
import ai.callmeback.dev.env.DotEnv;
import ai.callmeback.dev.env.Vendor;
import ai.callmeback.dev.temporal.SearchAttributes;
import io.temporal.api.enums.v1.IndexedValueType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

/** docker-compose.yml, Dockerfile, Caddyfile and .env.example say what the applications really read and serve. */
class DeploymentTest {
    private static final Path ROOT = Checkout.find().root();
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)");
    /** What the runtime images read that is no setting of ours. */
    private static final Set<String> NOT_OURS = Set.of("JAVA_TOOL_OPTIONS");
    /** What the launcher sets or reads by itself, and what the composition fixes. */
    private static final Set<String> ONLY_LOCAL = Set.of(
            "CALLMEBACK_API_URL",
            "CALLMEBACK_CACHE",
            "CALLMEBACK_EMAIL",
            "CALLMEBACK_ENV",
            "CALLMEBACK_PASSWORD",
            "CALLMEBACK_SIMULATED_VENDORS",
            "CALLMEBACK_TEMPORAL_RUNGS",
            "DATABASE_URL",
            "DEMO_PHONE_NUMBER",
            "FORWARD_HEADERS",
            "PUBLIC_URL",
            "SERVER_ADDRESS",
            "SERVER_PORT",
            "SIMULATORS_DATA",
            "STRIPE_PUBLISHABLE_KEY");

    @Test
    void everySettingThatIsReadIsInTheExample() throws Exception {
        Set<String> example = names(ROOT.resolve(".env.example"));

        Set<String> read = new TreeSet<>();
        for (String module : List.of("api", "activities", "voice-worker", "vendors")) {
            read.addAll(readBy(module));
        }
        for (App app : App.values()) {
            read.addAll(app.settings());
        }
        for (Vendor vendor : Vendor.values()) {
            read.addAll(vendor.credentials());
            read.add(vendor.baseSetting());
        }
        read.addAll(placeholders(Files.readString(ROOT.resolve("docker-compose.yml"))));

        assertThat(example).containsAll(read);
    }

    /** A line of .env that the composition does not hand over would be passed over in silence. */
    @Test
    void theCompositionHandsOverEverySettingOfTheExample() throws Exception {
        Set<String> example = new TreeSet<>(names(ROOT.resolve(".env.example")));
        example.removeAll(ONLY_LOCAL);

        assertThat(placeholders(Files.readString(ROOT.resolve("docker-compose.yml"))))
                .containsAll(example);
    }

    @Test
    void everySettingInTheExampleIsRead() throws Exception {
        Set<String> read = new TreeSet<>(placeholders(Files.readString(ROOT.resolve("docker-compose.yml"))));
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(DeploymentTest::isSource).toList()) {
                String text = Files.readString(file, StandardCharsets.UTF_8);
                for (String name : names(ROOT.resolve(".env.example"))) {
                    if (text.contains(name)) {
                        read.add(name);
                    }
                }
            }
        }

        assertThat(read).containsAll(names(ROOT.resolve(".env.example")));
    }

    private static boolean isSource(Path file) {
        String path = ROOT.relativize(file).toString();
        return (path.endsWith(".java") || path.endsWith(".yml"))
                && path.contains("src/main")
                && !path.contains("target/");
    }

    /** The launcher hands over whatever an application's configuration names. */
    @ParameterizedTest
    @EnumSource(App.class)
    void theLauncherPassesEverySettingAnApplicationReads(App app) throws Exception {
        Set<String> own = new TreeSet<>(readBy(app.module()));
        own.removeAll(Set.of("SERVER_PORT", "SERVER_ADDRESS"));

        assertThat(app.settings()).containsAll(own);
    }

    @Test
    void theCompositionIsWellFormed() throws Exception {
        Map<String, Map<String, Object>> services = services();

        assertThat(services)
                .containsKeys(
                        "caddy",
                        "api",
                        "call-worker",
                        "voice-worker",
                        "postgres",
                        "temporal",
                        "temporal-postgres",
                        "temporal-ui");
        services.forEach((name, service) -> {
            assertThat(service)
                    .as(name)
                    .containsAnyOf(
                            Map.entry("image", service.getOrDefault("image", "")),
                            Map.entry("build", service.getOrDefault("build", Map.of())));
            assertThat(services.keySet()).as("what " + name + " needs").containsAll(dependencies(service));
        });
        Set<String> volumes = keys(composition().get("volumes"));
        services.forEach(
                (name, service) -> assertThat(volumes).as("volumes of " + name).containsAll(namedVolumes(service)));
    }

    /** The tool itself has the last word, where there is one. */
    @Test
    void dockerComposeAcceptsTheComposition() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(
                exit(List.of("docker", "compose", "version")) == 0, "docker compose is not installed");
        Path filled = Files.createTempFile("compose", ".env");
        Files.write(
                filled,
                names(ROOT.resolve(".env.example")).stream()
                        .map(name -> name + "=x")
                        .toList());

        assertThat(exit(List.of("docker", "compose", "--env-file", filled.toString(), "config", "--quiet")))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = App.class,
            names = {"API", "CALL_WORKER", "VOICE_WORKER"})
    void eachApplicationIsBuiltConfiguredAndServedAsItIs(App app) throws Exception {
        Map<String, Object> service = services().get(app.title());
        String stage = stage(app.title());
        int port = defaultPort(app);

        assertThat(port).isEqualTo(app.usualPort());
        assertThat(map(service.get("build"))).containsEntry("target", app.title());
        assertThat(stage)
                .contains("COPY --from=build /image/" + app.module() + "/")
                .contains("EXPOSE " + port)
                .contains("/dev/tcp/127.0.0.1/" + port)
                .contains("GET /actuator/health/readiness ");
        assertThat(service.get("expose")).isEqualTo(List.of(Integer.toString(port)));
        Set<String> given = keys(service.get("environment"));
        assertThat(map(service.get("environment"))).containsEntry("SERVER_PORT", Integer.toString(port));
        Set<String> known = new TreeSet<>(app.settings());
        known.addAll(readBy(app.module()));
        known.addAll(readBy("vendors"));
        known.addAll(NOT_OURS);
        assertThat(known)
                .as("what " + app.title() + " is given and really reads")
                .containsAll(given);
    }

    @Test
    void caddySendsTheWorldToTheApiAndMediaToTheVoiceWorkers() throws Exception {
        String caddy = Files.readString(ROOT.resolve("deploy/Caddyfile"));

        assertThat(caddy)
                .contains("api:" + App.API.usualPort())
                .contains("voice-worker " + App.VOICE_WORKER.usualPort())
                .contains("path /media");
        assertThat(Files.readString(ROOT.resolve("docker-compose.yml"))).contains("wss://${PUBLIC_HOST}/media");
    }

    @Test
    void theSearchAttributesOfTheCompositionAreOurs() throws Exception {
        String command = String.valueOf(services().get("temporal-setup").get("command"));

        Map<String, IndexedValueType> made = new LinkedHashMap<>();
        Pattern.compile("--name (\\w+) --type (\\w+)")
                .matcher(command)
                .results()
                .forEach(match -> made.put(
                        match.group(1),
                        IndexedValueType.valueOf(
                                "INDEXED_VALUE_TYPE_" + match.group(2).toUpperCase(java.util.Locale.ROOT))));
        assertThat(made).isEqualTo(SearchAttributes.ALL);
    }

    private static Map<String, Object> composition() throws IOException {
        return map(new Yaml().load(Files.readString(ROOT.resolve("docker-compose.yml"))));
    }

    private static Map<String, Map<String, Object>> services() throws IOException {
        Map<String, Map<String, Object>> services = new LinkedHashMap<>();
        map(composition().get("services")).forEach((name, service) -> services.put(name, map(service)));
        return services;
    }

    private static Set<String> dependencies(Map<String, Object> service) {
        Object needs = service.getOrDefault("depends_on", List.of());
        return needs instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.toSet())
                : keys(needs);
    }

    private static Set<String> namedVolumes(Map<String, Object> service) {
        List<?> volumes = service.get("volumes") instanceof List<?> list ? list : List.of();
        return volumes.stream()
                .map(volume -> String.valueOf(volume).split(":", 2)[0])
                .filter(name -> !name.startsWith("."))
                .collect(Collectors.toSet());
    }

    private static Map<String, Object> map(Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> raw) {
            raw.forEach((key, each) -> map.put(String.valueOf(key), each));
        }
        return map;
    }

    private static Set<String> keys(Object value) {
        return new TreeSet<>(map(value).keySet());
    }

    private static String stage(String name) throws IOException {
        String file = Files.readString(ROOT.resolve("Dockerfile"));
        int start = file.indexOf(" AS " + name + "\n");
        assertThat(start).as("a stage " + name + " in the Dockerfile").isPositive();
        int end = file.indexOf("\nFROM ", start);
        return file.substring(start, end < 0 ? file.length() : end);
    }

    private static int defaultPort(App app) throws IOException {
        String configuration =
                Files.readString(ROOT.resolve(app.module()).resolve("src/main/resources/application.yml"));
        var matcher = Pattern.compile("\\$\\{SERVER_PORT:(\\d+)\\}").matcher(configuration);
        assertThat(matcher.find())
                .as("SERVER_PORT in application.yml of " + app.module())
                .isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private static Set<String> readBy(String module) throws IOException {
        Path resources = ROOT.resolve(module).resolve("src/main/resources");
        Set<String> read = new TreeSet<>();
        for (String file : List.of("application.yml", "callmeback.yml")) {
            Path path = resources.resolve(file);
            if (Files.isRegularFile(path)) {
                read.addAll(placeholders(Files.readString(path)));
            }
        }
        return read;
    }

    private static Set<String> placeholders(String text) {
        return PLACEHOLDER
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(Path file) throws IOException {
        return DotEnv.read(file).keySet();
    }

    private static int exit(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(new ArrayList<>(command))
                    .directory(ROOT.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (IOException e) {
            return -1;
        }
    }
}
