package ai.callmeback.dev.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What finance does, from the terminal. */
@Command(
        name = "finance",
        mixinStandardHelpOptions = true,
        description = {
            "What finance does, on the environment that runs in this checkout, or at CALLMEBACK_API_URL as the person of",
            "finance that CALLMEBACK_EMAIL and CALLMEBACK_PASSWORD name."
        },
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
