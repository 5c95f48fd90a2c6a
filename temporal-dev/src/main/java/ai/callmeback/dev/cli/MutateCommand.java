package ai.callmeback.dev.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Listed here for the help; the launcher runs it itself, since it works with classes of tests, which are not packaged. */
@Command(
        name = "mutate",
        mixinStandardHelpOptions = true,
        description = "Takes guards out one by one and sees that tests fail.")
final class MutateCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getErr().println("callmeback mutate is run by the launcher script: ./callmeback mutate");
        return 2;
    }
}
