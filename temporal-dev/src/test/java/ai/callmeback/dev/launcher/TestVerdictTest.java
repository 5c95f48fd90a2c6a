package ai.callmeback.dev.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code callmeback test} makes of a run. Maven goes on after failed tests and may then end as if all were well,
 * so the verdict is made of the log and of the reports of this very run; nothing that failed may end with exit code 0.
 * Maven is played by a script that writes both.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TestVerdictTest extends EmptyMachine {
    private static final String PASSED = "<testcase name=\"works\" classname=\"%s\" time=\"0.1\"/>";
    private static final String FAILED = """
            <testcase name="works" classname="%s" time="0.1">
              <failure message="2 &lt; 1" type="java.lang.AssertionError"><![CDATA[java.lang.AssertionError: 2 < 1]]></failure>
            </testcase>""";
    private static final String FAILED_BEFORE = """
            <testcase name="" classname="%s" time="0.0">
              <error type="java.io.IOException"><![CDATA[java.io.IOException]]></error>
            </testcase>""";
    private static final String FLAKY = """
            <testcase name="works" classname="%s" time="0.1">
              <flakyFailure message="late" type="java.lang.AssertionError">
                <stackTrace><![CDATA[late]]></stackTrace>
              </flakyFailure>
            </testcase>""";
    private static final String TALKATIVE = """
            <testcase name="works" classname="%s" time="0.1">
              <system-out><![CDATA[
            <testcase name="other" classname="Other"><failure/>
            ]]></system-out>
            </testcase>""";

    private final StringBuilder maven = new StringBuilder("#!/usr/bin/env bash\n");

    @BeforeEach
    void aJdkAndAModuleWithTests() throws IOException {
        jdk(systemJdks.resolve("temurin-25"), "25.0.1");
        Files.writeString(
                Files.createDirectories(directory.resolve("domain/src/test/java"))
                        .resolve("ATest.java"),
                "class ATest {}");
    }

    @Test
    void whatPassedIsSaidToHavePassed() throws Exception {
        testPhase("domain");
        ran("ATest", TALKATIVE, 0);
        ran("BTest", PASSED, 0);
        totals("INFO", 2, 0);

        JsonNode verdict = verdict(0);

        assertThat(verdict.path("ok").asBoolean()).isTrue();
        assertThat(verdict.path("tests").asInt()).isEqualTo(2);
        assertThat(verdict.path("failed")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {FAILED, FAILED_BEFORE})
    void aFailureInAReportIsNamedThoughMavenEndsWell(String testcase) throws Exception {
        testPhase("domain");
        ran("ATest", testcase, 1);
        ran("BTest", PASSED, 0);
        totals("INFO", 2, 0);

        JsonNode verdict = verdict(1);

        assertThat(verdict.path("failed").toString()).contains("ATest").doesNotContain("BTest");
    }

    @Test
    void failuresOfSeveralModulesAreAllNamed() throws Exception {
        testPhase("domain");
        ran("ATest", FAILED, 1);
        totals("ERROR", 1, 1);
        testPhase("db");
        ran("BTest", FAILED, 1);
        totals("ERROR", 1, 1);

        JsonNode verdict = verdict(1);

        assertThat(verdict.path("failed").toString()).isEqualTo("[\"ATest.works\",\"BTest.works\"]");
        assertThat(verdict.path("failures").asInt()).isEqualTo(2);
    }

    @Test
    void aFailureThatOnlyTheLogTellsIsOne() throws Exception {
        testPhase("domain");
        ran("ATest", PASSED, 0);
        totals("ERROR", 1, 1);

        verdict(1);
    }

    @Test
    void aRepeatThatPassedIsNamedAndIsNoFailure() throws Exception {
        testPhase("domain");
        ran("ATest", FLAKY, 0);
        say("[WARNING] Tests run: 1, Failures: 0, Errors: 0, Skipped: 0, Flakes: 1");

        JsonNode verdict = verdict(0);

        assertThat(verdict.path("flaky").toString()).isEqualTo("[\"ATest.works\"]");
        assertThat(verdict.path("tests").asInt()).isEqualTo(1);
    }

    @Test
    void mavensOwnFailureIsOne() throws Exception {
        testPhase("domain");
        ran("ATest", PASSED, 0);
        totals("INFO", 1, 0);
        say("[ERROR] COMPILATION ERROR :");
        maven.append("exit 1\n");

        verdict(1);
    }

    @Test
    void aClassThatDidNotEndIsAFault() throws Exception {
        testPhase("domain");
        ran("ATest", PASSED, 0);
        say("[INFO] Running BTest");
        totals("INFO", 1, 0);

        assertThat(verdict(1).path("faults").toString()).contains("BTest did not end");
    }

    @Test
    void aTimeoutOfTheTestsIsAFault() throws Exception {
        testPhase("domain");
        ran("ATest", PASSED, 0);
        totals("INFO", 1, 0);
        say("[ERROR] There was a timeout in the fork");

        verdict(1);
    }

    @Test
    void aReportThatIsMissingOrOldOrCutOffIsAFault() throws Exception {
        Files.writeString(
                Files.createDirectories(directory.resolve("domain/target/surefire-reports"))
                        .resolve("TEST-ATest.xml"),
                report("ATest", PASSED, 0));
        testPhase("domain");
        say("[INFO] Running ATest");
        say("[INFO] Tests run: 1, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in ATest");
        write("BTest", "<testsuite name=\"BTest\" errors=\"0\" failures=\"0\">");
        totals("INFO", 2, 0);

        assertThat(verdict(1).path("faults").toString())
                .contains("ATest left no report")
                .contains("TEST-BTest.xml is not whole");
    }

    @Test
    void aModuleWhoseTestsDidNotRunIsAFault() throws Exception {
        testPhase("domain");
        say("[INFO] Tests are skipped.");
        testPhase("db");
        ran("BTest", PASSED, 0);
        totals("INFO", 1, 0);

        assertThat(verdict(1).path("faults").toString()).contains("the tests of domain left no report");
    }

    @Test
    void aRunWithoutTestsIsAFault() throws Exception {
        say("[INFO] BUILD SUCCESS");

        assertThat(verdict(1).path("faults").toString()).contains("no test was run");
    }

    private String module = "domain";

    private void testPhase(String name) {
        module = name;
        say("[INFO] --- maven-surefire-plugin:3.5.6:test (default-test) @ callmeback-" + name + " ---");
    }

    private void ran(String test, String testcase, int failures) {
        say("[INFO] Running " + test);
        write(test, report(test, testcase, failures));
        say("[INFO] Tests run: 1, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in " + test);
    }

    private static String report(String test, String testcase, int failures) {
        return "<testsuite name=\"" + test + "\" errors=\"0\" failures=\"" + failures + "\">\n"
                + testcase.formatted(test) + "\n</testsuite>\n";
    }

    private void write(String test, String report) {
        String reports =
                directory.resolve(module).resolve("target/surefire-reports").toString();
        maven.append("mkdir -p '").append(reports).append("'\n");
        maven.append("cat >'" + reports + "/TEST-" + test + ".xml' <<'XML'\n" + report.stripTrailing() + "\nXML\n");
    }

    private void totals(String level, int tests, int failures) {
        say("[" + level + "] Tests run: " + tests + ", Failures: " + failures + ", Errors: 0, Skipped: 0");
    }

    private void say(String line) {
        maven.append("echo '").append(line).append("'\n");
    }

    private JsonNode verdict(int exit) throws Exception {
        Path program = bin.resolve("mvn");
        program(program, maven.toString());
        Said said = run("test", "--json");
        List<String> lines = said.words().strip().lines().toList();
        assertThat(said.exit()).as(said.words()).isEqualTo(exit);
        JsonNode verdict = JsonMapper.builder().build().readTree(lines.getLast());
        assertThat(verdict.path("ok").asBoolean()).isEqualTo(exit == 0);
        return verdict;
    }
}
