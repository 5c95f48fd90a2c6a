package ai.callmeback.dev.cli;

import ai.callmeback.dev.client.RefusedException;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code callmeback}: everything one does with a checkout. The launcher script finds the JDK and builds first. */
@Command(
        name = "callmeback",
        mixinStandardHelpOptions = true,
        version = "callmeback 0.1.0",
        description = "A durable AI phone companion: a call is a promise, and its whole life runs on this machine.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            StatusCommand.class,
            StopCommand.class,
            DoctorCommand.class,
            AuditCommand.class,
            FinanceCommand.class,
            StripeCommand.class,
            LogsCommand.class,
            TestCommand.class,
            MutateCommand.class,
            BenchCommand.class,
            EvalCommand.class,
            ChaosCommand.class,
        })
public final class Main implements Runnable {
    @Spec
    CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((exception, command, parsed) -> {
            command.getErr().println("callmeback: " + words(exception));
            if (System.getenv("CALLMEBACK_DEBUG") != null) {
                exception.printStackTrace(command.getErr());
            }
            // Whoever reads the last line is to find JSON there, whatever happened.
            if (command.getParseResult() != null && command.getParseResult().hasMatchedOption("--json")) {
                Console.ofThisCommand().json(Map.of("error", words(exception)));
            }
            return exception instanceof RefusedException refused && refused.ofInput()
                    ? CommandLine.ExitCode.USAGE
                    : CommandLine.ExitCode.SOFTWARE;
        });
    }

    private static String words(Exception exception) {
        if (exception instanceof RefusedException refused) {
            return refused.words();
        }
        String message = exception.getMessage();
        return message == null ? exception.toString() : message;
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
