package ai.callmeback.simulators.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a simulated vendor that is killed still knows. */
class StripeMemoryTest {
    @TempDir
    Path directory;

    @Test
    void whatWasDoneTogetherIsKeptAsItIsInTheEnd() throws Exception {
        StripeMemory memory = new StripeMemory(directory.toString());
        Map<String, Object> payment = new LinkedHashMap<>(Map.of("amount", 1499L, "status", "open"));
        List<String> told = new ArrayList<>();
        memory.together(() -> {
            memory.keep("object", "pi_1", () -> payment);
            memory.afterwards(() -> told.add(lines()));
            payment.put("status", "succeeded");
            memory.all(() -> memory.keep("object", "pi_2", () -> Map.of("amount", 5L)));
            return "";
        });
        memory.keep("object", "pi_3", () -> Map.of("amount", 5L));

        assertThat(told).singleElement().asString().contains("succeeded", "pi_2");
        assertThat(new StripeMemory(directory.toString()).found("object"))
                .containsExactly(
                        Map.entry("pi_1", Map.of("amount", 1499L, "status", "succeeded")),
                        Map.entry("pi_2", Map.of("amount", 5L)));
    }

    @Test
    void theLatestCountsAndWhatIsForgottenStaysSo() throws Exception {
        StripeMemory memory = new StripeMemory(directory.toString());
        memory.all(() -> {
            memory.keep("event", "evt_1", () -> Map.of("body", "a"));
            memory.keep("event", "evt_2", () -> Map.of("body", "b"));
        });
        memory.all(() -> memory.keep("event", "evt_1", () -> null));
        memory.all(() -> memory.keep("event", "evt_2", () -> Map.of("body", "c")));
        Files.writeString(
                directory.resolve("stripe.jsonl"), "{\"kind\":\"event\",\"id\":\"evt", StandardOpenOption.APPEND);

        assertThat(new StripeMemory(directory.toString()).found("event"))
                .as("a last line half written is passed over")
                .containsExactly(Map.entry("evt_2", Map.of("body", "c")));
    }

    @Test
    void whatFailsIsToldAndTheNextWorkGoesOn() throws Exception {
        StripeMemory memory = new StripeMemory("");
        assertThatThrownBy(() -> memory.together(() -> {
                    throw StripeError.missing("payment_intent", "pi_9");
                }))
                .isInstanceOf(StripeError.class);
        memory.all(() -> memory.keep("object", "pi_1", () -> Map.of()));
        assertThat(memory.found("object")).isEmpty();
    }

    private String lines() {
        try {
            return Files.readString(directory.resolve("stripe.jsonl"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
