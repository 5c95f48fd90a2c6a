package ai.callmeback.dev.cli;

import ai.callmeback.dev.env.Vendor;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A copy of the project in a directory of its own, and the commands in it, each a process of its own. Nothing this shell
 * has set for vendors or the database reaches them.
 *
 * @param settings environment variables of every command
 */
public record Copy(Path root, Map<String, String> settings) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What a command said, and its exit code. */
    public record Said(int exit, String words) {
        /** The last line, as {@code --json} promises. */
        public JsonNode json() {
            return JSON.readTree(words.strip().lines().toList().getLast());
        }
    }

    /** A copy that has been built: the modules' archives are those of this checkout, and so are unpacked ones. */
    public static Copy built(Path root, Map<String, String> settings, ai.callmeback.dev.env.Checkout original)
            throws IOException {
        for (String module : List.of("api", "activities", "voice-worker", "simulators", "temporal-dev")) {
            Files.createSymbolicLink(root.resolve(module), original.root().resolve(module));
        }
        Files.createDirectories(original.testImages());
        Files.createSymbolicLink(
                Files.createDirectories(root.resolve(".callmeback")).resolve("apps"), original.testImages());
        return new Copy(root, settings);
    }

    public Said run(String... arguments) throws IOException, InterruptedException {
        Process process = builder(arguments).start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), words);
    }

    /** Starts a command that stays; what it says goes to the file. */
    public Process start(File said, String... arguments) throws IOException {
        return builder(arguments).redirectOutput(said).start();
    }

    private ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        for (Vendor vendor : Vendor.values()) {
            builder.environment().keySet().removeAll(vendor.credentials());
            builder.environment().remove(vendor.baseSetting());
        }
        builder.environment().remove("DATABASE_URL");
        builder.environment().putAll(settings);
        builder.environment().put("CALLMEBACK_ROOT", root.toString());
        return builder;
    }
}
