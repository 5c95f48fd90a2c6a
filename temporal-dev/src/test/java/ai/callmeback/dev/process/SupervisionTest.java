package ai.callmeback.dev.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Children are kept alive, and none outlives the process that started them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SupervisionTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final ConcurrentLinkedQueue<String> notices = new ConcurrentLinkedQueue<>();

    @Test
    void aKilledChildIsStartedAgain() throws Exception {
        try (Supervisor supervisor = new Supervisor(directory, notices::add)) {
            ManagedProcess child = supervisor.start(sleeper("child"));
            assertThat(child.awaitReady(SOON)).isTrue();
            long first = child.pid();

            child.kill(false);

            await().atMost(SOON)
                    .until(() -> child.state() == ProcessState.READY && child.pid() != first && child.pid() > 0);
            assertThat(child.restarts()).isEqualTo(1);
            assertThat(notices).anyMatch(words -> words.startsWith("child ended"));
        }
    }

    @Test
    void aChildAskedToEndIsStartedAgainWhenItHas() throws Exception {
        // Ready only with the trap set: a child asked before would end without a word.
        Path trapped = directory.resolve("trapped");
        try (Supervisor supervisor = new Supervisor(directory, notices::add)) {
            ManagedProcess child = supervisor.start(spec(
                    "child",
                    "trap 'echo bye; exit 0' TERM; : > " + trapped + "; while :; do sleep 0.1; done",
                    () -> Files.exists(trapped)));
            assertThat(child.awaitReady(SOON)).isTrue();
            long first = child.pid();

            child.askToEnd();

            await().atMost(SOON)
                    .until(() -> child.state() == ProcessState.READY && child.pid() != first && child.pid() > 0);
            assertThat(Files.readString(child.log())).contains("bye");
        }
    }

    @Test
    void aChildHeldDownStaysDownUntilStarted() throws Exception {
        try (Supervisor supervisor = new Supervisor(directory, notices::add)) {
            ManagedProcess child = supervisor.start(sleeper("child"));
            assertThat(child.awaitReady(SOON)).isTrue();

            child.kill(true);
            assertThat(child.pid()).isEqualTo(-1);
            assertThat(child.state()).isEqualTo(ProcessState.STOPPED);

            child.start();
            assertThat(child.awaitReady(SOON)).isTrue();
        }
    }

    @Test
    void aChildThatNeverBecomesReadyIsGivenUpWithTheEndOfItsLog() throws Exception {
        try (Supervisor supervisor = new Supervisor(directory, notices::add)) {
            ManagedProcess child = supervisor.start(spec("broken", "echo cannot find the thing; exit 3", () -> false));

            assertThat(child.awaitReady(SOON)).isFalse();
            assertThat(child.state()).isEqualTo(ProcessState.FAILED);
            assertThat(notices).anyMatch(words -> words.contains("cannot find the thing"));
        }
    }

    @Test
    void aChildThatDoesNotListenIsKilled() throws Exception {
        Supervisor supervisor = new Supervisor(directory, notices::add);
        ManagedProcess child = supervisor.start(spec("deaf", "trap '' TERM; while :; do sleep 0.1; done", () -> true));
        assertThat(child.awaitReady(SOON)).isTrue();
        long pid = child.pid();

        supervisor.close();

        assertThat(alive(pid)).isFalse();
    }

    @Test
    void closingEndsChildrenAndTheirGuard() throws Exception {
        Supervisor supervisor = new Supervisor(directory, notices::add);
        ManagedProcess child = supervisor.start(sleeper("child"));
        assertThat(child.awaitReady(SOON)).isTrue();
        long pid = child.pid();

        supervisor.close();

        assertThat(alive(pid)).isFalse();
    }

    /** The guard is removed in no other way than by killing its parent: a JVM of its own plays the launcher. */
    @Test
    void childrenEndWhenTheirParentIsKilled() throws Exception {
        Path pidFile = directory.resolve("pid");
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ParentToBeKilled.class.getName(),
                        directory.toString(),
                        pidFile.toString())
                .inheritIO()
                .start();
        await().atMost(SOON)
                .until(() -> Files.exists(pidFile) && !Files.readString(pidFile).isBlank());
        long child = Long.parseLong(Files.readString(pidFile).strip());
        assertThat(alive(child)).isTrue();

        parent.destroyForcibly();

        await().atMost(SOON).until(() -> !alive(child));
    }

    private static boolean alive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    static ProcessSpec sleeper(String name) {
        return spec(name, "exec sleep 600", () -> true);
    }

    static ProcessSpec spec(String name, String script, ProcessSpec.Probe ready) {
        return new ProcessSpec(
                name,
                List.of("sh", "-c", script),
                Map.of("PATH", System.getenv("PATH")),
                Path.of("/"),
                ready,
                StopSignal.TERM,
                Duration.ofSeconds(10),
                Duration.ofSeconds(2));
    }
}
