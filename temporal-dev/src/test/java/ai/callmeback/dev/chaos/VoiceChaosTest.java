package ai.callmeback.dev.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is drawn from the seed, and how the journals are read. */
class VoiceChaosTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void twoFaultsAreOneOfEachKindAndTheSeedDrawsTheRest() {
        for (int seed = 0; seed < 20; seed++) {
            assertThat(VoiceChaos.kinds(2, new Random(seed))).containsExactlyInAnyOrder(FaultKind.values());
        }
        assertThat(VoiceChaos.kinds(9, new Random(7)))
                .isEqualTo(VoiceChaos.kinds(9, new Random(7)))
                .hasSize(9)
                .contains(FaultKind.values());
    }

    @Test
    void aCallerSaysTheSameForTheSameSeedAndNothingTwiceInARow() {
        List<Object> words = Callers.script(new Random(3)).stream()
                .filter(step -> step.containsKey("text"))
                .map(step -> step.get("text"))
                .toList();

        assertThat(Callers.script(new Random(3))).isEqualTo(Callers.script(new Random(3)));
        for (int i = 1; i < words.size(); i++) {
            assertThat(words.get(i)).isNotEqualTo(words.get(i - 1));
        }
    }

    @Test
    void moreCallersOrFaultsThanFitComeInTurns() {
        assertThat(new VoiceChaos.Options(20, 25, 1).turns()).isEqualTo(1);
        assertThat(new VoiceChaos.Options(21, 1, 1).turns()).isEqualTo(2);
        assertThat(new VoiceChaos.Options(3, 60, 1).turns()).isEqualTo(3);
        assertThatThrownBy(() -> new VoiceChaos.Options(1, 26, 1)).hasMessageContaining("25 kills for each call");
    }

    @Test
    void anUtteranceIsDividedAtItsPauses() {
        assertThat(CallRecords.sounds(
                        List.of(entry(100, 2_000), entry(3_000, 4_000)), List.of(entry(500, 700), entry(1_000, 1_500))))
                .containsExactly(
                        new CallRecord.Span(100, 500),
                        new CallRecord.Span(700, 1_000),
                        new CallRecord.Span(1_500, 2_000),
                        new CallRecord.Span(3_000, 4_000));
    }

    @Test
    void aMoveIsTheFaultsThatHitTheWorkerLast() {
        CallRecord call = MadeUpCall.usual()
                .moves(FaultKind.DRAIN, 50)
                .wait(60_000)
                .moves(FaultKind.DEATH, 50)
                .over()
                .call();
        long left = call.legs().getFirst().endMillis();
        List<CallRecord.Fault> drained = List.of(
                new CallRecord.Fault(FaultKind.DEATH, MadeUpCall.PORT, left - 50_000),
                new CallRecord.Fault(FaultKind.DRAIN, MadeUpCall.PORT, left - 9_000));

        assertThat(call.handOvers(drained).getFirst().kind()).isEqualTo(FaultKind.DRAIN);
        assertThat(call.handOvers(List.of()))
                .as("a move nobody asked for")
                .extracting(CallRecord.HandOver::kind)
                .containsExactly(FaultKind.DEATH, FaultKind.DEATH);
    }

    private static JsonNode entry(int start, int end) {
        return JSON.readTree("{\"detail\":{\"startMillis\":%d,\"endMillis\":%d}}".formatted(start, end));
    }
}
