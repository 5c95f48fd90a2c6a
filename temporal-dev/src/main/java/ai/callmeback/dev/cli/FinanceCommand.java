package ai.callmeback.dev.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What finance does, from the terminal. */
@Command(
        name = "finance",
        mixinStandardHelpOptions = true,
        description = "What finance does, on the environment that runs in this checkout.",
        synopsisSubcommandLabel = "WHAT",
        subcommands = {
            BillsCommand.class,
            CloseCommand.class,
            FiguresCommand.class,
            OutlookCommand.class,
            PricesCommand.class,
            ReconcileCommand.class
        })
final class FinanceCommand implements Runnable {
    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
