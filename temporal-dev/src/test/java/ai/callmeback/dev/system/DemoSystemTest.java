package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.chaos.Billed;
import ai.callmeback.dev.chaos.ObservedCall;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.SimulatorClient;
import ai.callmeback.dev.demo.Demo;
import ai.callmeback.dev.demo.DemoReport;
import ai.callmeback.dev.process.ManagedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;

/** The main job, end to end, in real processes: promise, dial, talk, interruption, settlement, costs, audit. */
@ExtendWith(SharedStack.class)
@Isolated
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class DemoSystemTest {
    private static final int LONGER_THAN_A_WORD_OF_OURS = 12;
    private static final Duration BOOKED_WITHIN = Duration.ofSeconds(60);

    @Test
    void twoCallsGoFromPromiseToSettledCosts() throws Exception {
        Stack stack = SharedStack.stack();

        ApiClient api = ApiClient.demoUser(stack.endpoints().api());
        // Calls of earlier tests are in the same books and journals; none may still be running up costs.
        await().atMost(Duration.ofSeconds(90)).until(() -> api.calls().stream().allMatch(DemoSystemTest::costsNothing));
        Instant began = Instant.now();
        DemoReport report = new Demo(
                        stack.endpoints(),
                        stack.temporalService(),
                        Instant.now(),
                        words -> System.out.println("  " + words))
                .run();

        assertThat(report.problems()).isEmpty();
        assertThat(report.figures())
                .containsEntry("status", "completed")
                .containsEntry("chargeDecision", "charged")
                .containsEntry("heardEqualsJournal", true);
        assertCostLinesEqualTheJournals(stack, api, began);
        assertEachCallIsWrittenAbout(stack, api, began);
        assertLogsTellNothing(stack, api, began);
        for (JsonNode call : since(api, began)) {
            CallTrace.assertWhole(SharedStack.collector(), call);
        }
    }

    private static void assertEachCallIsWrittenAbout(Stack stack, ApiClient api, Instant began) throws Exception {
        for (JsonNode call : since(api, began)) {
            String key = "call-ready/" + call.path("id").asString();
            await(key)
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> ObservedCall.simulators(stack).journal("resend").stream()
                            .anyMatch(entry -> entry.path("detail")
                                    .path("idempotencyKey")
                                    .asString("")
                                    .equals(key)));
        }
    }

    /** I10, guards: the masks of numbers and names. Nothing of who was called and what was said stands in a log. */
    private static void assertLogsTellNothing(Stack stack, ApiClient api, Instant began) throws Exception {
        List<String> personal = new ArrayList<>(List.of(ApiClient.DEMO_EMAIL));
        for (JsonNode call : since(api, began)) {
            assertThat(call.path("phoneNumber").asString()).matches("\\+[0-9]{10,}");
            personal.add(call.path("phoneNumber").asString().substring(1));
            call.path("transcript")
                    .valueStream()
                    .map(turn -> turn.path("text").asString())
                    .filter(text -> text.length() > LONGER_THAN_A_WORD_OF_OURS)
                    .forEach(personal::add);
        }
        assertThat(personal).hasSizeGreaterThan(8);
        // What may be there is found: the same look at the same files.
        assertThat(linesOfLogsWith(List.of("Started ApiApplication"), stack)).isNotEmpty();
        assertThat(linesOfLogsWith(personal, stack)).isEmpty();
    }

    /** Those of our own processes and of the database; the stand-ins of vendors know numbers and words as vendors do. */
    private static List<String> linesOfLogsWith(List<String> words, Stack stack) throws IOException {
        List<String> found = new ArrayList<>();
        for (ManagedProcess process : stack.processes()) {
            if (!process.name().equals("simulators")) {
                Files.readAllLines(process.log(), StandardCharsets.UTF_8).stream()
                        .filter(line -> words.stream().anyMatch(line::contains))
                        .forEach(found::add);
            }
        }
        return found;
    }

    /** Over, and summed up if there was a talk; or not begun. */
    private static boolean costsNothing(JsonNode call) {
        boolean spoken = call.path("status").asString().equals("completed")
                && !call.path("transcript").isEmpty();
        return call.path("status").asString().equals("scheduled")
                || (call.path("terminal").asBoolean()
                        && (!spoken || !call.path("summary").asString("").isEmpty()));
    }

    /** I7, for every vendor and operation, over both calls of the demo; a summary's tokens are booked a moment after it. */
    private static void assertCostLinesEqualTheJournals(Stack stack, ApiClient api, Instant began) throws Exception {
        SimulatorClient simulators =
                new SimulatorClient(Objects.requireNonNull(stack.endpoints().simulators()));
        await("what the vendors did is booked")
                .atMost(BOOKED_WITHIN)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    List<JsonNode> calls = since(api, began);
                    assertThat(calls).hasSize(2);
                    Map<String, Long> theirs = Billed.byJournals(simulators, calls.size(), began);
                    assertThat(Billed.byCostLines(calls)).isEqualTo(theirs);
                    assertThat(theirs)
                            .allSatisfy((what, quantity) ->
                                    assertThat(quantity).as(what).isPositive());
                });
    }

    private static List<JsonNode> since(ApiClient api, Instant began) throws Exception {
        return api.calls().stream()
                .filter(call -> Instant.parse(call.path("createdAt").asString()).isAfter(began))
                .toList();
    }
}
