package ai.callmeback.dev.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What the product does when its processes die. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        description = "Kills a part of the product while it works, and judges what users noticed.",
        synopsisSubcommandLabel = "WHAT",
        subcommands = {VoiceChaosCommand.class, MoneyChaosCommand.class})
final class ChaosCommand implements Runnable {
    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
