package ai.callmeback.simulators.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.LinkedMultiValueMap;

/** What the vendor knows of calls outlasts the simulators, as a reconciliation of the day after needs it. */
class CallFileTest {
    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("data/calls.jsonl");
    }

    private CallFile open() throws IOException {
        return new CallFile(file(), 3);
    }

    @Test
    void aFinishedCallIsKnownAfterARestartAsItWas() throws Exception {
        CallRecord before;
        try (CallFile file = open()) {
            VirtualExchange world = new VirtualExchange(file);
            world.stream();
            Call call = world.exchange.find(onlyCall(world.exchange).sid()).orElseThrow();
            world.time.advance(Duration.ofSeconds(70));
            call.hangUp();
            world.time.advance(Duration.ofSeconds(10));
            before = onlyCall(world.exchange);
        }
        assertThat(before.priceUsd()).isEqualByComparingTo("0.028");
        try (CallFile file = open()) {
            Exchange after = new VirtualExchange(file).exchange;
            assertThat(after.newestFirst()).containsExactly(before);
            assertThat(CallJson.of(after.record(before.sid()).orElseThrow())).isEqualTo(CallJson.of(before));
            assertThat(CallList.page(after.newestFirst(), new LinkedMultiValueMap<>(), "AC1"))
                    .containsEntry("calls", List.of(CallJson.of(before)));
            assertThat(after.find(before.sid())).as("it can be told nothing").isEmpty();
        }
    }

    @Test
    void aCallCutOffByTheRestartIsOverAndCostsNothing() throws Exception {
        try (CallFile file = open()) {
            new VirtualExchange(file).stream();
        }
        try (CallFile file = open()) {
            CallRecord cut = onlyCall(new VirtualExchange(file).exchange);
            assertThat(cut.status()).isEqualTo(CallStatus.COMPLETED);
            assertThat(cut.billedMinutes()).isZero();
            assertThat(cut.priceUsd()).isZero();
            assertThat(cut.endedAt()).isNotNull();
        }
    }

    @Test
    void aPriceThatWasStillToComeIsThere() throws Exception {
        try (CallFile file = open()) {
            VirtualExchange world = new VirtualExchange(file);
            world.stream();
            world.exchange.find(onlyCall(world.exchange).sid()).orElseThrow().hangUp();
        }
        try (CallFile file = open()) {
            assertThat(onlyCall(new VirtualExchange(file).exchange).priceUsd()).isEqualByComparingTo("0.014");
        }
    }

    @Test
    void whatIsDeletedOrResetStaysAway() throws Exception {
        try (CallFile file = open()) {
            VirtualExchange world = new VirtualExchange(file);
            String first = world.dial().callSid();
            world.dial();
            assertThat(world.exchange.forget(first)).isTrue();
        }
        try (CallFile file = open()) {
            VirtualExchange world = new VirtualExchange(file);
            assertThat(world.exchange.newestFirst()).hasSize(1);
            world.exchange.reset();
            world.time.advance(Duration.ofMinutes(1));
        }
        try (CallFile file = open()) {
            assertThat(file.found()).isEmpty();
        }
    }

    @Test
    void onlyTheNewestAreKeptAndTheFileStaysShort() throws Exception {
        List<String> made;
        try (CallFile file = open()) {
            VirtualExchange world = new VirtualExchange(file);
            made = java.util.stream.IntStream.range(0, 20)
                    .mapToObj(
                            each -> world.dial("To", "+141555501" + (10 + each)).callSid())
                    .toList();
            world.time.advance(Duration.ofMinutes(2));
        }
        assertThat(Files.readAllLines(file())).hasSizeLessThanOrEqualTo(12);
        try (CallFile file = open()) {
            assertThat(file.found()).hasSize(3).extracting(CallRecord::sid).isSubsetOf(made);
        }
    }

    @Test
    void aLineHalfWrittenCostsOnlyItself() throws Exception {
        try (CallFile file = open()) {
            new VirtualExchange(file).dial();
        }
        Files.writeString(file(), "{\"sid\":\"CA1\",\"acc", StandardOpenOption.APPEND);
        try (CallFile file = open()) {
            assertThat(file.found()).hasSize(1);
            new VirtualExchange(file).dial("To", "+14155550177");
        }
        try (CallFile file = open()) {
            assertThat(file.found()).hasSize(2);
        }
    }

    private static CallRecord onlyCall(Exchange exchange) {
        assertThat(exchange.newestFirst()).hasSize(1);
        return exchange.newestFirst().getFirst();
    }
}
