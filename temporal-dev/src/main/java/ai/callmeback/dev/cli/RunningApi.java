package ai.callmeback.dev.cli;

import ai.callmeback.dev.RunFile;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.env.Checkout;
import ai.callmeback.dev.env.Settings;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The API at {@code CALLMEBACK_API_URL}, as whom {@code CALLMEBACK_EMAIL} and {@code CALLMEBACK_PASSWORD} name; without it
 * that of what runs in this checkout, as its demo user, who is of finance there.
 */
final class RunningApi {
    private RunningApi() {}

    /** Empty, and said so, when nothing runs; as JSON too, if that was asked for. */
    static Optional<ApiClient> find(Console console, boolean json) throws IOException, InterruptedException {
        Checkout checkout = Checkout.find();
        Settings settings = Settings.load(checkout);
        if (settings.has("CALLMEBACK_API_URL")) {
            return Optional.of(ApiClient.signIn(
                    URI.create(settings.get("CALLMEBACK_API_URL", "").replaceAll("/+$", "")),
                    settings.get("CALLMEBACK_EMAIL", ""),
                    settings.get("CALLMEBACK_PASSWORD", "")));
        }
        Optional<JsonNode> running = new RunFile(checkout.state()).read();
        if (running.isEmpty()) {
            console.line("nothing runs in this checkout; start it with: ./callmeback up");
            if (json) {
                console.json(Map.of("running", false));
            }
            return Optional.empty();
        }
        return Optional.of(
                ApiClient.demoUser(URI.create(running.get().path("api").asString())));
    }
}
