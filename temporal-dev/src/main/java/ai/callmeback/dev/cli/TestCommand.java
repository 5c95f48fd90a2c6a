package ai.callmeback.dev.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Listed here for the help; the launcher runs it itself, since it must work before anything is built. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = "Runs the whole test suite (mvn verify) and says which Temporal server the tests used.")
final class TestCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getErr().println("callmeback test is run by the launcher script: ./callmeback test");
        return 2;
    }
}
