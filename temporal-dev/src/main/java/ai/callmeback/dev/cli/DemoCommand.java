package ai.callmeback.dev.cli;

import ai.callmeback.dev.Endpoints;
import ai.callmeback.dev.RunFile;
import ai.callmeback.dev.StackException;
import ai.callmeback.dev.StackOptions;
import ai.callmeback.dev.demo.Demo;
import ai.callmeback.dev.demo.DemoReport;
import ai.callmeback.dev.env.Checkout;
import ai.callmeback.dev.env.Settings;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the main job once: two calls, live, from promise to settled costs. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts everything, places one call now and one a few seconds ahead, prints the conversation live,",
            "then settlement, costs, ledger audit and links. Stays up until Ctrl-C.",
            "Exit code 0 only if all of it went right."
        })
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--exit", description = "End everything when the calls are settled.")
    boolean exit;

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Option(names = "--voice-workers", paramLabel = "N", description = "How many voice workers (default: 1).")
    int voiceWorkers = 1;

    @Override
    public Integer call() throws IOException, StackException, InterruptedException {
        Console console = Console.ofThisCommand();
        Checkout checkout = Checkout.find();
        if (new RunFile(checkout.state()).read().isPresent()) {
            throw new StackException("this checkout is already up; end it first with: ./callmeback stop");
        }
        StackOptions options =
                StackOptions.local(checkout, Settings.load(checkout)).withVoiceWorkers(voiceWorkers);
        UpCommand.Running running = UpCommand.Running.start(options, console);
        DemoReport report;
        try {
            Banner.print(running.stack(), console);
            Endpoints endpoints = running.stack().endpoints();
            report =
                    new Demo(endpoints, running.stack().temporalService(), Console.commandBegan(), console::step).run();
            print(report, endpoints, console);
            if (!exit) {
                console.line("Everything stays up; Ctrl-C ends it.");
                if (json) {
                    console.json(report.figures());
                }
                new CountDownLatch(1).await();
            }
        } finally {
            running.close();
        }
        if (json) {
            console.json(report.figures());
        }
        return report.ok() ? 0 : 1;
    }

    private static void print(DemoReport report, Endpoints endpoints, Console console) {
        Map<String, Object> figures = report.figures();
        console.line("");
        console.line("Settlement");
        console.line("  " + figures.get("chargeDecision") + " (" + figures.get("chargeReason") + "), billed "
                + figures.get("billedSeconds") + " s; credit seconds " + figures.get("creditSeconds"));
        console.line("Costs");
        if (figures.get("costs") instanceof List<?> lines) {
            for (Object line : lines) {
                if (line instanceof Map<?, ?> cost) {
                    console.line("  %-12s %-22s %14s %-10s at %-16s = %s USD%s"
                            .formatted(
                                    cost.get("vendor"),
                                    cost.get("operation"),
                                    plain(cost.get("quantity")),
                                    cost.get("unit"),
                                    plain(cost.get("unitPriceUsd")),
                                    plain(cost.get("amountUsd")),
                                    Boolean.TRUE.equals(cost.get("estimated")) ? " (estimated)" : ""));
                }
            }
        }
        console.line("  total " + plain(figures.get("costTotalUsd")) + " USD");
        console.line("Ledger audit  " + figures.get("audit"));
        console.line("Timings, ms   " + figures.get("timingsMs"));
        console.line("What the phone heard equals our transcript: " + figures.get("heardEqualsJournal"));
        console.line("Links");
        console.line("  web UI       " + endpoints.api() + "/");
        console.line("  API docs     " + endpoints.api() + "/docs");
        Object page = endpoints.workflowPage(String.valueOf(figures.get("workflowId")));
        console.line("  this call    " + (page == null ? "no Temporal UI with the in-JVM test server" : page));
        report.problems().forEach(problem -> console.line("WRONG: " + problem));
        console.line(report.ok() ? "All of it went right." : "Not all of it went right.");
    }

    private static String plain(@Nullable Object figure) {
        return figure instanceof BigDecimal decimal ? decimal.toPlainString() : String.valueOf(figure);
    }
}
