package ai.callmeback.dev.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.env.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How the launcher finds a JDK and Maven, and what it says when one is missing. It is run as a copy in an empty
 * checkout, whose system-wide places are directories of the test, with a PATH and HOME of the test's making and a
 * Maven that only tells which JDK it was given.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LauncherTest {
    private static final List<String> TOOLS = List.of(
            "awk",
            "bash",
            "cat",
            "cksum",
            "date",
            "dirname",
            "env",
            "find",
            "grep",
            "head",
            "mkdir",
            "readlink",
            "rm",
            "sed",
            "sort",
            "tee",
            "tr",
            "xargs");

    @TempDir
    Path directory;

    private Path bin;
    private Path systemJdks;
    private final Map<String, String> environment = new LinkedHashMap<>();

    @BeforeEach
    void anEmptyMachine() throws IOException {
        bin = Files.createDirectories(directory.resolve("bin"));
        systemJdks = Files.createDirectories(directory.resolve("jvm"));
        for (String tool : TOOLS) {
            Files.createSymbolicLink(bin.resolve(tool), whereIs(tool));
        }
        String script = Files.readString(Checkout.find().root().resolve("callmeback"))
                .replace("/usr/lib/jvm/*", systemJdks + "/*")
                .replace("/usr/java/*", directory + "/none/*")
                .replace("/opt/java/*", directory + "/none/*")
                .replace("/opt/jdk*", directory + "/none/*")
                .replace("/usr/local/openjdk*", directory + "/none/*")
                .replace("/opt/homebrew/", directory + "/none/")
                .replace("\n    /Library/Java/", "\n    " + directory + "/none/");
        program(directory.resolve("callmeback"), script);
        environment.put("PATH", bin.toString());
        environment.put(
                "HOME", Files.createDirectories(directory.resolve("home")).toString());
    }

    @Test
    void withoutAnyJdkItSaysWhatToInstall() throws Exception {
        maven();

        Said said = run("status");

        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.words())
                .contains("no JDK of version 21 or newer")
                .contains("apt-get install openjdk-25-jdk-headless")
                .contains("brew install openjdk@25");
    }

    @Test
    void anOlderDefaultJdkIsPassedOverForANewerOneFurtherOff() throws Exception {
        maven();
        environment.put("JAVA_HOME", jdk(directory.resolve("old"), "17.0.12").toString());
        Path good = jdk(systemJdks.resolve("temurin-25"), "25.0.1");
        jdk(systemJdks.resolve("temurin-21"), "21.0.5");
        jdk(systemJdks.resolve("zulu-24"), "24.0.2");

        assertThat(run("test").words()).contains("JAVA_HOME is " + good + "\n");
    }

    @Test
    void oneOfTheUsersOwnIsFoundAndARuntimeWithoutACompilerIsNone() throws Exception {
        maven();
        Path runtimeOnly = jdk(systemJdks.resolve("jre-25"), "25.0.1");
        Files.delete(runtimeOnly.resolve("bin/javac"));
        Path own = jdk(directory.resolve("home/.sdkman/candidates/java/21.0.5-tem"), "21.0.5");

        assertThat(run("test").words()).contains("JAVA_HOME is " + own + "\n");
    }

    @Test
    void oneOnThePathBehindLinksIsFound() throws Exception {
        maven();
        Path own = jdk(directory.resolve("somewhere/jdk"), "21.0.5");
        Path alternatives = Files.createSymbolicLink(directory.resolve("javac-link"), own.resolve("bin/javac"));
        Files.createSymbolicLink(bin.resolve("javac"), alternatives);

        assertThat(run("test").words()).contains("JAVA_HOME is " + own + "\n");
    }

    @Test
    void withoutMavenItSaysWhatToInstall() throws Exception {
        jdk(systemJdks.resolve("temurin-25"), "25.0.1");

        for (String command : List.of("test", "demo")) {
            Said said = run(command);

            assertThat(said.exit()).isEqualTo(1);
            assertThat(said.words()).contains("Maven (mvn) is not on the PATH").contains("apt-get install maven");
        }
    }

    @Test
    void aBuildThatFailsShowsItsErrorAndWhereTheLogIs() throws Exception {
        jdk(systemJdks.resolve("temurin-25"), "25.0.1");
        program(
                bin.resolve("mvn"),
                "#!/usr/bin/env bash\necho '[ERROR] Domain.java:[3,1] cannot find symbol'; exit 1\n");

        Said said = run("up");

        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.words())
                .contains("cannot find symbol")
                .contains("the build failed; see")
                .contains("build.log");
    }

    @Test
    void theTotalsOfATestRunAreItsLastLine() throws Exception {
        jdk(systemJdks.resolve("temurin-25"), "25.0.1");
        program(bin.resolve("mvn"), """
                #!/usr/bin/env bash
                echo '[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 1, Time elapsed: 0.1 s -- in A'
                echo '[WARNING] Tests run: 3, Failures: 0, Errors: 0, Skipped: 1'
                echo '[ERROR] Tests run: 4, Failures: 1, Errors: 0, Skipped: 0'
                exit 1
                """);

        Said said = run("test", "--json");

        assertThat(said.exit()).isEqualTo(1);
        JsonNode last = JsonMapper.builder()
                .build()
                .readTree(said.words().strip().lines().toList().getLast());
        assertThat(last.path("ok").asBoolean(true)).isFalse();
        assertThat(last.path("tests").asInt()).isEqualTo(7);
        assertThat(last.path("failures").asInt()).isEqualTo(1);
        assertThat(last.path("skipped").asInt()).isEqualTo(1);
    }

    private record Said(int exit, String words) {}

    private Said run(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        directory.resolve("callmeback").toString())
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), words);
    }

    private static Path jdk(Path home, String version) throws IOException {
        program(Files.createDirectories(home.resolve("bin")).resolve("javac"), "#!/bin/sh\n");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Any\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home.toRealPath();
    }

    private void maven() throws IOException {
        program(bin.resolve("mvn"), "#!/usr/bin/env bash\necho \"[INFO] Building JAVA_HOME is $JAVA_HOME\"\n");
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path whereIs(String tool) {
        for (String place : System.getenv("PATH").split(":", -1)) {
            Path candidate = Path.of(place, tool);
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new AssertionError("no " + tool + " on this machine");
    }
}
