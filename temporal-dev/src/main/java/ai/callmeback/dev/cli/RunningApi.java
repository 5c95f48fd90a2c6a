package ai.callmeback.dev.cli;

import ai.callmeback.dev.RunFile;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.env.Checkout;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The API of what runs in this checkout, as its demo user, who is of finance there. */
final class RunningApi {
    private RunningApi() {}

    /** Empty, and said so, when nothing runs. */
    static Optional<ApiClient> find(Console console) throws IOException, InterruptedException {
        Optional<JsonNode> running = new RunFile(Checkout.find().state()).read();
        if (running.isEmpty()) {
            console.line("nothing runs in this checkout; start it with: ./callmeback up");
            return Optional.empty();
        }
        return Optional.of(
                ApiClient.demoUser(URI.create(running.get().path("api").asString())));
    }
}
