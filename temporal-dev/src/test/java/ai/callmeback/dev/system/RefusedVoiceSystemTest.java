package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.chaos.ObservedCall;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.JsonHttp;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** An operator gives a persona a voice and models that no vendor has: the next call is talked through with the product's. */
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
@Order(6)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RefusedVoiceSystemTest {
    private static final String ALEX = "/api/operator/personas/alex_001";
    private static final long DEAD_AIR_MILLIS = 3_000;

    @Test
    void aVoiceAndModelsThatNoVendorHasAreReplacedByTheProductsAtOnce() throws Exception {
        JsonHttp http =
                ApiClient.demoUser(SharedStack.stack().endpoints().api()).http();
        JsonNode before = http.get(ALEX);
        // Of this run alone: nothing is remembered of them.
        String run = UUID.randomUUID().toString().substring(0, 8);
        JsonNode odd = http.put(
                ALEX,
                Map.of(
                        "version",
                        before.path("version").asInt(),
                        "voiceId",
                        "nobody-" + run,
                        "speechModel",
                        "eleven_" + run,
                        "languageModel",
                        "model-" + run,
                        "temperature",
                        before.path("temperature").decimalValue(),
                        "maxTokens",
                        before.path("maxTokens").asInt(),
                        "note",
                        "A test."));
        try {
            WatchedCall call = WatchedCall.placeFrom(
                    "alex_001",
                    SharedStack.stack(),
                    "+14155550137",
                    List.of(
                            Map.of("do", "listen"),
                            Map.of("do", "say", "text", "My morning run keeps slipping. I have a bad knee."),
                            Map.of("do", "listen"),
                            Map.of("do", "say", "text", "That helps. Thank you and goodbye.")));
            JsonNode settled = call.awaitSettled();

            assertThat(call.phone("heard")
                            .getFirst()
                            .path("detail")
                            .path("startMillis")
                            .asLong())
                    .as("dead air before the first word")
                    .isLessThanOrEqualTo(DEAD_AIR_MILLIS);
            assertThat(ObservedCall.heard(call.phoneCalls().getLast())).contains("alex here", "bad knee");
            assertThat(settled.path("settlement").path("chargeReason").asString())
                    .isEqualTo("by_the_second");
            assertThat(settled.path("costs")
                            .valueStream()
                            .map(line -> line.path("model").asString("")))
                    .as("nobody pays for what was refused")
                    .contains("eleven_flash_v2_5", "gpt-oss-120b")
                    .noneMatch(model -> model.contains(run));
            call.assertLedgerIsSound();
        } finally {
            http.put(
                    ALEX,
                    Map.of(
                            "version",
                            odd.path("version").asInt(),
                            "voiceId",
                            before.path("voiceId").asString(),
                            "temperature",
                            before.path("temperature").decimalValue(),
                            "maxTokens",
                            before.path("maxTokens").asInt(),
                            "stability",
                            before.path("stability").decimalValue(),
                            "similarityBoost",
                            before.path("similarityBoost").decimalValue(),
                            "style",
                            before.path("style").decimalValue(),
                            "speed",
                            before.path("speed").decimalValue()));
        }
    }
}
