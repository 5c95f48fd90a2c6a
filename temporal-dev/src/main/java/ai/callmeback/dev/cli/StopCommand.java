package ai.callmeback.dev.cli;

import ai.callmeback.dev.RunFile;
import ai.callmeback.dev.env.Checkout;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Ends what runs in this checkout; a repeat finds nothing and says so. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description = "Ends what runs in this checkout and returns when it is gone. Data and logs stay.")
final class StopCommand implements Callable<Integer> {
    private static final int PATIENCE_SECONDS = 150;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        Console console = Console.ofThisCommand();
        Optional<JsonNode> run = new RunFile(Checkout.find().state()).read();
        Optional<ProcessHandle> runner = run.flatMap(RunFile::runner);
        if (runner.isEmpty()) {
            console.line("nothing runs in this checkout");
            return 0;
        }
        console.step("ending process " + runner.get().pid() + " and everything it started");
        runner.get().destroy();
        try {
            runner.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            console.step("it did not end within " + PATIENCE_SECONDS + " s and is killed; its guard ends the rest");
            runner.get().destroyForcibly();
        }
        console.step("ended");
        return 0;
    }
}
