package ai.callmeback.dev.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Starts a child, writes its process id to a file, and waits to be killed. */
final class ParentToBeKilled {
    private ParentToBeKilled() {}

    public static void main(String[] arguments) throws Exception {
        Supervisor supervisor = new Supervisor(Path.of(arguments[0]), System.out::println);
        ManagedProcess child = supervisor.start(SupervisionTest.sleeper("child"));
        if (child.awaitReady(Duration.ofSeconds(20))) {
            Files.writeString(Path.of(arguments[1]), Long.toString(child.pid()));
        }
        new CountDownLatch(1).await();
    }
}
