package ai.callmeback.dev.cli;

import ai.callmeback.dev.client.ApiClient;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Enters a month's bill for what all calls share, or lists those that are entered. */
@Command(
        name = "bills",
        mixinStandardHelpOptions = true,
        description = {
            "Enters a month's bill for what all calls share (servers, the database, domains), or lists the last ones.",
            "The same payee, month and amount again is the same bill, unless it has another --key.",
            "Exit code: 0 it is entered or listed, 2 wrong options, 3 nothing runs in this checkout."
        })
final class BillsCommand implements Callable<Integer> {
    static final class Bill {
        @Option(names = "--payee", required = true, description = "Who sent it.")
        String payee = "";

        @Option(names = "--month", required = true, paramLabel = "MONTH", description = "As 2026-11.")
        YearMonth month = YearMonth.of(1, 1);

        @Option(names = "--amount", required = true, paramLabel = "USD", description = "In whole cents.")
        BigDecimal amount = BigDecimal.ZERO;
    }

    @ArgGroup(exclusive = false)
    @Nullable
    Bill bill;

    @Option(names = "--note", paramLabel = "WORDS", description = "Anything to remember, with a bill.")
    String note = "";

    @Option(names = "--key", description = "Tells two bills apart that are otherwise the same.")
    String key = "";

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = Console.ofThisCommand();
        Optional<ApiClient> api = RunningApi.find(console, json);
        if (api.isEmpty()) {
            return StatusCommand.NOTHING_RUNS;
        }
        JsonNode answer =
                bill == null ? list(api.get(), console) : enter(api.get(), Objects.requireNonNull(bill), console);
        if (json) {
            console.json(answer);
        }
        return 0;
    }

    private JsonNode enter(ApiClient api, Bill entered, Console console) throws IOException, InterruptedException {
        String same = entered.payee + "\n" + entered.month + "\n"
                + entered.amount.stripTrailingZeros().toPlainString() + "\n" + key;
        JsonNode booked = api.http()
                .send(
                        "POST",
                        "/api/finance/bills",
                        Map.of(
                                "payee",
                                entered.payee,
                                "month",
                                entered.month.toString(),
                                "amountUsd",
                                entered.amount,
                                "note",
                                note),
                        Map.of(
                                "Idempotency-Key",
                                UUID.nameUUIDFromBytes(same.getBytes(StandardCharsets.UTF_8))
                                        .toString()));
        console.step("bill %s: the calls of %s carry $%s, and $%s is booked for the month beyond that"
                .formatted(
                        booked.path("id").asString(),
                        entered.month,
                        booked.path("carriedUsd").decimalValue().toPlainString(),
                        booked.path("bookedUsd").decimalValue().toPlainString()));
        return booked;
    }

    private static JsonNode list(ApiClient api, Console console) throws IOException, InterruptedException {
        JsonNode bills = api.http().get("/api/finance/bills");
        for (JsonNode one : bills.path("bills")) {
            console.line("  %s  %10s  %-30s %s"
                    .formatted(
                            one.path("month").asString(),
                            "$" + one.path("amountUsd").decimalValue().toPlainString(),
                            one.path("payee").asString(),
                            one.path("note").asString()));
        }
        return bills;
    }
}
