package ai.callmeback.dev.cli;

import ai.callmeback.dev.RunFile;
import ai.callmeback.dev.env.Checkout;
import ai.callmeback.dev.process.Ports;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Says what runs in this checkout. Exit code 0 if all of it answers, 3 if nothing runs, 1 if a part is down. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Says what runs in this checkout and whether it answers.",
            "Exit code: 0 all answers, 1 a part does not, 3 nothing runs."
        })
final class StatusCommand implements Callable<Integer> {
    static final int NOTHING_RUNS = 3;

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Override
    public Integer call() {
        Console console = Console.ofThisCommand();
        Optional<JsonNode> run = new RunFile(Checkout.find().state()).read();
        if (run.isEmpty()) {
            console.line("nothing runs in this checkout; start it with: ./callmeback up");
            if (json) {
                console.json(Map.of("running", false, "processes", List.of()));
            }
            return NOTHING_RUNS;
        }
        List<Map<String, Object>> processes = new ArrayList<>();
        boolean all = true;
        for (JsonNode process : run.get().path("processes")) {
            int port = process.path("port").asInt();
            boolean answers = Ports.answers(port);
            all &= answers;
            console.line("%-16s %-10s port %-6d pid %-8d restarts %d"
                    .formatted(
                            process.path("name").asString(),
                            answers ? "answers" : "DOWN",
                            port,
                            process.path("pid").asLong(),
                            process.path("restarts").asInt()));
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", process.path("name").asString());
            one.put("port", port);
            one.put("pid", process.path("pid").asLong());
            one.put("answers", answers);
            one.put("restarts", process.path("restarts").asInt());
            one.put("log", process.path("log").asString());
            processes.add(one);
        }
        console.line("web UI " + run.get().path("api").asString() + "/");
        console.line(run.get().path("temporal").path("source").asString());
        if (json) {
            Map<String, Object> whole = new LinkedHashMap<>();
            whole.put("running", true);
            whole.put("pid", run.get().path("pid").asLong());
            whole.put("api", run.get().path("api").asString());
            whole.put("simulators", run.get().path("simulators").asString());
            whole.put("temporal", run.get().path("temporal"));
            whole.put("simulated", run.get().path("simulated"));
            whole.put("processes", processes);
            console.json(whole);
        }
        return all ? 0 : 1;
    }
}
