package ai.callmeback.dev.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The measurements; each prints its figures beside a yardstick of the same run. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures a part of the platform beside a yardstick in the same run.",
        synopsisSubcommandLabel = "WHAT",
        subcommands = {LedgerBenchCommand.class, VoiceBenchCommand.class, WorkflowBenchCommand.class})
final class BenchCommand implements Runnable {
    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
