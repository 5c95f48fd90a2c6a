package ai.callmeback.dev.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What is done at Stripe. */
@Command(
        name = "stripe",
        mixinStandardHelpOptions = true,
        description = "What is done at Stripe, real or simulated.",
        synopsisSubcommandLabel = "WHAT",
        subcommands = StripeSyncCommand.class)
final class StripeCommand implements Runnable {
    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
