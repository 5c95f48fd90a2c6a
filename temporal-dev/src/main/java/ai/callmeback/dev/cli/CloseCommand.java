package ai.callmeback.dev.cli;

import ai.callmeback.dev.client.ApiClient;
import java.io.IOException;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Closes a month, or lists those that are closed and what has become of their figures. */
@Command(
        name = "close",
        mixinStandardHelpOptions = true,
        description = {
            "Keeps the figures of a month that is over, or compares those of closed months with the books.",
            "Exit code: 0 the books say what was closed, 1 some figure differs from what was closed, 2 wrong options,",
            "3 nothing runs in this checkout."
        })
final class CloseCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "MONTH", description = "As 2026-10; lists the closed ones unless given.")
    @Nullable
    YearMonth month;

    @Option(names = "--note", paramLabel = "WORDS", description = "Anything to remember.")
    String note = "";

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = Console.ofThisCommand();
        Optional<ApiClient> api = RunningApi.find(console, json);
        if (api.isEmpty()) {
            return StatusCommand.NOTHING_RUNS;
        }
        JsonNode answer = month == null
                ? api.get().http().get("/api/finance/closings")
                : api.get().http().post("/api/finance/closings", Map.of("month", month.toString(), "note", note));
        boolean differ = false;
        for (JsonNode closing : month == null ? answer.path("closings") : List.of(answer)) {
            differ |= !closing.path("differing").isEmpty();
            show(console, closing);
        }
        if (json) {
            console.json(answer);
        }
        return differ ? 1 : 0;
    }

    private static void show(Console console, JsonNode closing) {
        console.line("  %s  closed %s  %d figures, %d open cases  %s"
                .formatted(
                        closing.path("month").asString(),
                        closing.path("closedAt").asString(),
                        closing.path("figures").size(),
                        closing.path("openCases").asLong(),
                        closing.path("note").asString()));
        for (JsonNode name : closing.path("differing")) {
            console.line("    DIFFERS: " + name.asString());
        }
    }
}
