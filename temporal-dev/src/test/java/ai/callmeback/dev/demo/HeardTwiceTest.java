package ai.callmeback.dev.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class HeardTwiceTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void sentencesOfOneTurnAreJoinedOnBothSides() {
        var phone = HeardTwice.ofPhone(JSON.readTree("""
                [{"who":"persona","text":"Good morning."},{"who":"persona","text":" Are you up?"},
                 {"who":"caller","text":"Yes."},{"who":"persona","text":"Good."},{"who":"caller","text":"Bye."}]"""));
        var ours = HeardTwice.ofTranscript(JSON.readTree("""
                [{"speaker":"assistant","text":"Good morning. Are you up?"},{"speaker":"user","text":"Yes."},
                 {"speaker":"assistant","text":"Good."}]"""));

        assertThat(HeardTwice.differences(phone, ours)).isEmpty();
    }

    @Test
    void aCutTurnMayLackTheWordTheCallerSpokeInto() {
        var heard = List.of(turn(true, "So", "I", "wou"), turn(false, "Fine."), turn(false, "Bye."));

        assertThat(HeardTwice.differences(
                        heard, List.of(turn(true, "So", "I"), turn(false, "Fine."), turn(false, "Bye."))))
                .isEmpty();
        assertThat(HeardTwice.differences(heard, List.of(turn(true, "So"), turn(false, "Fine."), turn(false, "Bye."))))
                .hasSize(1);
    }

    @Test
    void theWordTheCallerSpokeIntoMayStandWholeButNoWordBehindIt() {
        var heard = List.of(turn(true, "So", "I", "wou"), turn(false, "Bye."));

        assertThat(HeardTwice.differences(heard, List.of(turn(true, "So", "I", "would"), turn(false, "Bye."))))
                .isEmpty();
        assertThat(HeardTwice.differences(heard, List.of(turn(true, "So", "I", "would", "go"), turn(false, "Bye."))))
                .hasSize(1);
        assertThat(HeardTwice.differences(heard, List.of(turn(true, "So", "I", "went"), turn(false, "Bye."))))
                .hasSize(1);
    }

    @Test
    void aTurnThatWasNotCutMustBeTheSame() {
        var heard = List.of(turn(false, "One", "two"), turn(false, "Bye."));

        assertThat(HeardTwice.differences(heard, List.of(turn(false, "One"), turn(false, "Bye."))))
                .hasSize(1);
        assertThat(HeardTwice.differences(heard, List.of(turn(false, "One", "three"), turn(false, "Bye."))))
                .hasSize(1);
    }

    @Test
    void percentilesAreNearestRank() {
        assertThat(DemoReport.percentile(List.of(40, 10, 30, 20), 50)).isEqualTo(20);
        assertThat(DemoReport.percentile(List.of(40, 10, 30, 20), 95)).isEqualTo(40);
        assertThat(DemoReport.percentile(List.of(), 50)).isNull();
    }

    private static HeardTwice.Turn turn(boolean cut, String... words) {
        return new HeardTwice.Turn(List.of(words), cut);
    }
}
