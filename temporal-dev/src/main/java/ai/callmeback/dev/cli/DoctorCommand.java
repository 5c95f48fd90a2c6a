package ai.callmeback.dev.cli;

import ai.callmeback.dev.StackOptions;
import ai.callmeback.dev.doctor.Doctor;
import ai.callmeback.dev.doctor.Finding;
import ai.callmeback.dev.env.Checkout;
import ai.callmeback.dev.env.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what is wrong and how to mend it. Exit code 1 if anything will not work. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Checks the JDK, Maven, disk, ports, Temporal, PostgreSQL and each vendor's settings",
            "(set, reachable, accepted, or simulated) and says how to mend what is wrong.",
            "Exit code 0 if nothing is wrong."
        })
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        Console console = Console.ofThisCommand();
        Checkout checkout = Checkout.find();
        List<Finding> findings = new Doctor(StackOptions.local(checkout, Settings.load(checkout))).examine();
        List<Map<String, Object>> rows = new ArrayList<>();
        boolean ok = true;
        for (Finding finding : findings) {
            ok &= finding.health() != Finding.Health.WRONG;
            console.line("%-6s %-22s %s"
                    .formatted(finding.health().name().toLowerCase(Locale.ROOT), finding.subject(), finding.words()));
            if (!finding.remedy().isEmpty()) {
                console.line("       " + " ".repeat(22) + " -> " + finding.remedy());
            }
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("subject", finding.subject());
            row.put("health", finding.health().name().toLowerCase(Locale.ROOT));
            row.put("words", finding.words());
            row.put("remedy", finding.remedy());
            rows.add(row);
        }
        console.line(ok ? "Nothing is wrong." : "Something is wrong; see the arrows.");
        if (json) {
            console.json(Map.of("ok", ok, "findings", rows));
        }
        return ok ? 0 : 1;
    }
}
