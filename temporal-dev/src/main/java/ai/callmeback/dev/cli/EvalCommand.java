package ai.callmeback.dev.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** How well the product converses, against stated goals. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        description = "Judges a part of the product over many scenarios, against stated goals.",
        synopsisSubcommandLabel = "WHAT",
        subcommands = {TurnsEvalCommand.class})
final class EvalCommand implements Runnable {
    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
