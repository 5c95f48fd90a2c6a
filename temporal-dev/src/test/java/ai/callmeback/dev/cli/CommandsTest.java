package ai.callmeback.dev.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands in a checkout where nothing runs, each as a process of its own. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class CommandsTest {
    @TempDir
    Path checkout;

    @Test
    void eachCommandExplainsItself() {
        CommandLine main = Main.commandLine();
        assertThat(main.getSubcommands().keySet())
                .contains("demo", "up", "status", "stop", "doctor", "logs", "test", "bench");
        helped(main, List.of());
    }

    /** Down to the commands of commands. */
    private static void helped(CommandLine command, List<String> path) {
        List<String> arguments = new ArrayList<>(path);
        arguments.add("--help");
        CommandLine fresh = Main.commandLine();
        StringWriter out = new StringWriter();
        fresh.setOut(new PrintWriter(out, true));

        assertThat(fresh.execute(arguments.toArray(String[]::new)))
                .as("exit code of %s", arguments)
                .isZero();
        assertThat(out.toString())
                .as("%s", arguments)
                .contains("Usage: callmeback")
                .contains("--help");
        command.getSubcommands().forEach((name, sub) -> {
            List<String> deeper = new ArrayList<>(path);
            deeper.add(name);
            helped(sub, deeper);
        });
    }

    @Test
    void anUnknownOptionIsRefusedWithTheUsage() {
        CommandLine main = Main.commandLine();
        StringWriter err = new StringWriter();
        main.setErr(new PrintWriter(err, true));

        assertThat(main.execute("up", "--voice-wrokers", "2")).isEqualTo(2);
        assertThat(err.toString()).contains("--voice-workers");
    }

    /** Each of them would start processes and measure nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bench voice --calls 0",
                "bench voice --calls -3",
                "bench voice --calls 1501",
                "bench voice --seconds 0",
                "bench voice --warm-up -1",
                "bench voice --burst --find-limit",
                "chaos voice --calls 0",
                "chaos voice --kills -1",
                "chaos voice --voice-workers 1",
                "eval turns --seed x",
            })
    void nonsenseIsRefusedBeforeAnythingIsStarted(String line) {
        CommandLine main = Main.commandLine();
        StringWriter err = new StringWriter();
        main.setErr(new PrintWriter(err, true));

        assertThat(main.execute(line.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString()).contains("Usage: callmeback " + line.substring(0, line.indexOf(" --")));
    }

    @Test
    void statusOfNothingIsToldInWordsAndInJson() throws Exception {
        Copy.Said said = run("status", "--json");

        assertThat(said.exit()).isEqualTo(3);
        assertThat(said.words()).contains("./callmeback up");
        assertThat(said.json().path("running").asBoolean(true)).isFalse();
    }

    @Test
    void whatAsksTheApiSaysSoWhenNothingRuns() throws Exception {
        Copy.Said said = run("finance", "figures", "--json");

        assertThat(said.exit()).isEqualTo(3);
        assertThat(said.json().path("running").asBoolean(true)).isFalse();
    }

    /** The last line is JSON whatever happened, and an API elsewhere is asked where one is named. */
    @Test
    void anApiElsewhereThatDoesNotAnswerIsAnErrorInJson() throws Exception {
        Copy.Said said = new Copy(checkout, Map.of("CALLMEBACK_API_URL", "http://127.0.0.1:9/"))
                .run(new String[] {"finance", "outlook", "--json"});

        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.json().path("error").asString()).isNotBlank();
    }

    /** A run that was killed leaves its file behind; the number of its process may be a stranger's by now. */
    @Test
    void aRunThatWasKilledDoesNotCountAsRunning() throws Exception {
        Path state = Files.createDirectories(checkout.resolve(".callmeback"));
        Files.writeString(
                state.resolve("run.json"),
                "{\"pid\":" + ProcessHandle.current().pid()
                        + ",\"started\":\"2020-01-01T00:00:00Z\",\"processes\":[]}");

        assertThat(run("status", "--json").exit()).isEqualTo(3);
        assertThat(run("stop").words()).contains("nothing runs");
        assertThat(ProcessHandle.current().isAlive()).isTrue();
    }

    @Test
    void logsShowsTheEndOfOneAndNamesThoseThereAre() throws Exception {
        Path logs = Files.createDirectories(checkout.resolve(".callmeback/logs"));
        Files.writeString(logs.resolve("api.log"), "one\ntwo\nthree\n");
        Files.writeString(logs.resolve("voice-worker-1.log"), "hello\n");

        assertThat(run("logs", "api", "-n", "2").words()).contains("two\nthree").doesNotContain("one\n");
        assertThat(run("logs", "voice-worker").words()).contains("hello");
        Copy.Said unknown = run("logs", "nobody");
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.words()).contains("[api, voice-worker-1]");
    }

    private Copy.Said run(String... arguments) throws IOException, InterruptedException {
        return new Copy(checkout, Map.of()).run(arguments);
    }
}
