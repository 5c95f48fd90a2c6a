package ai.callmeback.dev;

import ai.callmeback.dev.env.Checkout;
import ai.callmeback.dev.env.DotEnv;
import ai.callmeback.dev.env.Settings;
import ai.callmeback.dev.postgres.LocalPostgres;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The database commands work on: of {@code DATABASE_URL}, else of what runs in this checkout. */
public final class RunningDatabase {
    private RunningDatabase() {}

    /** Its address, with the password; empty when there is none. */
    public static Optional<String> url(Checkout checkout, Settings settings) throws IOException {
        if (settings.has("DATABASE_URL")) {
            return Optional.of(settings.get("DATABASE_URL", ""));
        }
        List<JsonNode> processes = new RunFile(checkout.state())
                .read()
                .map(run -> run.path("processes").valueStream().toList())
                .orElse(List.of());
        String password = DotEnv.read(checkout.state().resolve("secrets.env")).getOrDefault("POSTGRES_PASSWORD", "");
        return processes.stream()
                .filter(process -> process.path("name").asString().equals("postgres"))
                .map(process -> LocalPostgres.url(process.path("port").asInt(), password))
                .findFirst();
    }
}
