package ai.callmeback.dev.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.env.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The order of the rungs, each taken away in turn. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TemporalLadderTest {
    private static final String ANSWER = "temporal version 9.8.7 (Server 9.1.2, UI 9.0.0)";

    @TempDir
    Path directory;

    private Path cache;
    private Path path;
    private final List<String> words = new ArrayList<>();

    @BeforeEach
    void directories() throws IOException {
        cache = Files.createDirectories(directory.resolve("cache"));
        path = Files.createDirectories(directory.resolve("bin"));
    }

    @Test
    void anAddressComesBeforeEverything() throws Exception {
        program(path.resolve("temporal"), ANSWER);

        TemporalSource source = ladder(Map.of("TEMPORAL_ADDRESS", "temporal.example:7233", "PATH", path.toString()))
                .resolve();

        assertThat(source).isEqualTo(new TemporalSource.Running("temporal.example:7233"));
    }

    @Test
    void aProgramOnThePathComesBeforeTheCachedOne() throws Exception {
        program(path.resolve("temporal"), ANSWER);
        program(ladder(Map.of()).cachedProgram(), ANSWER);

        TemporalSource source = ladder(Map.of("PATH", path.toString())).resolve();

        assertThat(source)
                .isEqualTo(new TemporalSource.Cli(
                        path.resolve("temporal"), new CliVersion("9.8.7", "9.1.2"), TemporalSource.Rung.PATH));
    }

    @Test
    void somethingElseOfThatNameOnThePathIsPassedOver() throws Exception {
        program(path.resolve("temporal"), "temporal: a calendar, version 3");
        program(ladder(Map.of()).cachedProgram(), ANSWER);

        TemporalSource source = ladder(Map.of("PATH", path.toString())).resolve();

        assertThat(source)
                .isInstanceOfSatisfying(
                        TemporalSource.Cli.class, cli -> assertThat(cli.rung()).isEqualTo(TemporalSource.Rung.CACHED));
        assertThat(words).anyMatch(line -> line.contains("is not a Temporal CLI"));
    }

    @Test
    void withoutAProgramOrWaysToGetOneTheTestServerIsLeft() throws Exception {
        Map<String, String> environment = Map.of("PATH", path.toString(), "CALLMEBACK_TEMPORAL_RUNGS", "path,cache");

        assertThat(ladder(environment).resolve()).isEqualTo(new TemporalSource.InJvm());
        assertThat(ladder(environment).resolveAtOnce()).isEmpty();
    }

    @Test
    void goBuildsIntoTheCacheAndASecondRunFindsItThere() throws Exception {
        Path module = Files.createDirectories(directory.resolve("module"));
        Files.writeString(module.resolve("go.mod"), "module example\n");
        // Stands in for the toolchain: "list" names packages, "build -o FILE" writes a program.
        script(path.resolve("go"), """
                if [ "$1" = list ]; then echo one; echo two; exit 0; fi
                while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done
                printf '#!/bin/sh\\necho "%s"\\n' > "$out"; chmod +x "$out"; echo one
                """.formatted(ANSWER));
        Map<String, String> environment =
                Map.of("PATH", path + ":/usr/bin:/bin", "CALLMEBACK_TEMPORAL_RUNGS", "path,cache,go");

        TemporalSource first = new TemporalLadder(environment, cache, module, words::add).resolve();
        TemporalSource second = new TemporalLadder(environment, cache, module, words::add).resolve();

        assertThat(first)
                .isInstanceOfSatisfying(
                        TemporalSource.Cli.class, cli -> assertThat(cli.rung()).isEqualTo(TemporalSource.Rung.BUILT));
        assertThat(second)
                .isInstanceOfSatisfying(
                        TemporalSource.Cli.class, cli -> assertThat(cli.rung()).isEqualTo(TemporalSource.Rung.CACHED));
        assertThat(words).anyMatch(line -> line.contains("building release"));
    }

    /** What is committed is the release of every other rung, and Go can check each source it names without asking anybody. */
    @Test
    void theModuleToBuildIsOfThePinnedReleaseAndEverySourceHasItsSum() throws Exception {
        Path module = Checkout.find().goModule();
        List<String> required = Files.readAllLines(module.resolve("go.mod")).stream()
                .map(line -> line.replaceFirst("^\\s*require ", "")
                        .replaceFirst("//.*", "")
                        .strip())
                .filter(line -> line.matches("\\S+ v\\S+"))
                .toList();
        String sums = Files.readString(module.resolve("go.sum"));

        assertThat(required).contains("github.com/temporalio/cli v" + TemporalLadder.PINNED_CLI);
        assertThat(required)
                .hasSizeGreaterThan(100)
                .allSatisfy(each -> assertThat(sums).contains(each + "/go.mod h1:"));
        assertThat(sums).contains("github.com/temporalio/cli v" + TemporalLadder.PINNED_CLI + " h1:");
    }

    @Test
    void aBuildThatFailsSaysWhyAndLeavesTheTestServer() throws Exception {
        Path module = Files.createDirectories(directory.resolve("module"));
        Files.writeString(module.resolve("go.mod"), "module example\n");
        script(path.resolve("go"), "echo 'go: no such tool chain'; exit 1\n");

        TemporalSource source = new TemporalLadder(
                        Map.of("PATH", path + ":/usr/bin:/bin", "CALLMEBACK_TEMPORAL_RUNGS", "go"),
                        cache,
                        module,
                        words::add)
                .resolve();

        assertThat(source).isEqualTo(new TemporalSource.InJvm());
        assertThat(words).contains("go: no such tool chain");
    }

    @Test
    void theDownloadFailsWithinSecondsWhenItsHostCannotBeReached() throws Exception {
        long began = System.nanoTime();

        boolean fetched = new CliDownload(java.net.URI.create("http://temporal.invalid/"), words::add)
                .fetch(cache.resolve("temporal"));

        assertThat(fetched).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThat(words).anyMatch(line -> line.contains("cannot be reached"));
    }

    @Test
    void theVersionLineIsReadAsTheCliPrintsIt() {
        assertThat(CliVersion.parse("temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)\n"))
                .contains(new CliVersion("1.5.1", "1.29.1"));
        assertThat(CliVersion.parse("something else")).isEmpty();
    }

    private TemporalLadder ladder(Map<String, String> environment) {
        return new TemporalLadder(environment, cache, directory.resolve("no-module"), words::add);
    }

    private static void program(Path file, String answer) throws IOException {
        script(file, "echo '" + answer + "'\n");
    }

    private static void script(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
