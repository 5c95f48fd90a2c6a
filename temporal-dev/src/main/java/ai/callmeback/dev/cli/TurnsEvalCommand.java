package ai.callmeback.dev.cli;

import ai.callmeback.dev.eval.turns.TurnsEval;
import ai.callmeback.dev.eval.turns.TurnsEval.Result;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Exit code 0 if both groups of scenarios reach the goals. */
@Command(
        name = "turns",
        mixinStandardHelpOptions = true,
        description = {
            "Turn taking over several hundred seeded scenarios in virtual time; 30 %% are set aside and never tuned on.",
            "A false cut-off is a turn ended before its last word; a budget is kept if half of the turns end within it.",
            "Exit code: 0 if in both groups false cut-offs at 300 ms are under 12.9 %%, every word in the journal is one",
            "the phone heard, and no silence of ours is longer than 2 s; else 1."
        })
final class TurnsEvalCommand implements Callable<Integer> {
    private static final double MOST_CUTOFF_PERCENT = 12.9;

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Option(names = "--seed", description = "Draws pauses, moments and the ears' doubts (default: ${DEFAULT-VALUE}).")
    long seed = 1;

    @Override
    public Integer call() {
        Console console = Console.ofThisCommand();
        TurnsEval.Report report = new TurnsEval(seed, console::step).run();
        console.line("%-16s %9s %6s %9s %9s %6s %14s %11s %6s %8s %4s"
                .formatted(
                        "",
                        "scenarios",
                        "turns",
                        "cut@300",
                        "cut@600",
                        "ms@5%",
                        "in force",
                        "barge-in",
                        "words",
                        "dead air",
                        "mhm"));
        report.kinds().forEach((kind, result) -> line(console, kind, result));
        line(console, "tuned", report.tuned());
        line(console, "set aside", report.setAside());
        line(console, "all", report.all());
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>(fields(report.all()));
            object.put("tuned", fields(report.tuned()));
            object.put("setAside", fields(report.setAside()));
            console.json(object);
        }
        return reachesGoals(report.tuned()) && reachesGoals(report.setAside()) ? 0 : 1;
    }

    private static boolean reachesGoals(Result result) {
        return result.falseCutoffPercentAt300ms() < MOST_CUTOFF_PERCENT
                && result.heardTextWordErrors() == 0
                && result.deadAirOver2s() == 0;
    }

    private static void line(Console console, String name, Result r) {
        console.line("%-16s %9d %6d %8.1f%% %8.1f%% %6d %5.1f%% %4d ms %5d/%-5d %6d %8d %4d"
                .formatted(
                        name,
                        r.scenarios(),
                        r.turns(),
                        r.falseCutoffPercentAt300ms(),
                        r.falseCutoffPercentAt600ms(),
                        r.endOfTurnMsAt5PercentCutoffs(),
                        r.falseCutoffPercentInForce(),
                        r.endOfTurnMsInForce(),
                        r.bargeInStopMs().p50(),
                        r.bargeInStopMs().p95(),
                        r.heardTextWordErrors(),
                        r.deadAirOver2s(),
                        r.backchannelsTaken()));
    }

    private static Map<String, Object> fields(Result r) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("scenarios", r.scenarios());
        fields.put("turns", r.turns());
        fields.put("falseCutoffPercentAt300ms", r.falseCutoffPercentAt300ms());
        fields.put("falseCutoffPercentAt600ms", r.falseCutoffPercentAt600ms());
        fields.put("endOfTurnMsAt5PercentCutoffs", r.endOfTurnMsAt5PercentCutoffs());
        fields.put("falseCutoffPercentInForce", r.falseCutoffPercentInForce());
        fields.put("endOfTurnMsInForce", r.endOfTurnMsInForce());
        fields.put("bargeInStopMs", r.bargeInStopMs());
        fields.put("heardTextWordErrors", r.heardTextWordErrors());
        fields.put("deadAirOver2s", r.deadAirOver2s());
        fields.put("backchannelsTaken", r.backchannelsTaken());
        return fields;
    }
}
