package ai.callmeback.dev.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How the launcher finds a JDK and Maven, and what it says when one is missing. Maven is one that
 * only tells which JDK it was given.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LauncherTest extends EmptyMachine {
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
}
