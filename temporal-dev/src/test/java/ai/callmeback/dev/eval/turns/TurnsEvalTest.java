package ai.callmeback.dev.eval.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsEvalTest {
    /** The goals of the evaluation, in both groups. */
    @Test
    void theGoalsAreReached() {
        TurnsEval.Report report = new TurnsEval(1, words -> {}).run();
        assertThat(report.all().scenarios()).isGreaterThanOrEqualTo(200);
        assertThat(report.setAside().scenarios() * 10).isEqualTo(report.all().scenarios() * 3);
        assertThat(List.of(report.tuned(), report.setAside())).allSatisfy(group -> {
            assertThat(group.falseCutoffPercentAt300ms()).isLessThan(12.9);
            assertThat(group.heardTextWordErrors()).isZero();
            assertThat(group.deadAirOver2s()).isZero();
            assertThat(group.backchannelsTaken()).isZero();
            assertThat(group.bargeInStopMs().p95()).isLessThanOrEqualTo(200);
        });
    }

    @Test
    void theSameSeedDrawsTheSameScenariosAndShowsTheSame() {
        Scenario one = ScenarioFile.read(7).get(4);
        Scenario again = ScenarioFile.read(7).get(4);
        assertThat(again).isEqualTo(one);
        assertThat(ScenarioFile.read(8).get(4)).isNotEqualTo(one);
        assertThat(EvalCall.run(again)).isEqualTo(EvalCall.run(one));
    }

    @Test
    void aLineIsReadAsItIsWritten() {
        Scenario scenario = ScenarioFile.parse("pause | aside | [over 5-5] One {40-40} two <60-60> / [mhm 7-7] mhm", 1)
                .getFirst();
        assertThat(scenario.setAside()).isTrue();
        assertThat(scenario.turns())
                .containsExactly(
                        new Scenario.UserTurn(
                                Scenario.Moment.OVER,
                                5,
                                true,
                                List.of(
                                        new Scenario.Piece.Words("One"),
                                        new Scenario.Piece.Pause(40),
                                        new Scenario.Piece.Words("two"),
                                        new Scenario.Piece.Noise(60))),
                        new Scenario.UserTurn(
                                Scenario.Moment.OVER, 7, false, List.of(new Scenario.Piece.Words("mhm"))));
        assertThatThrownBy(() -> ScenarioFile.parse("pause | sometimes | One", 1))
                .hasMessageContaining("line 1");
    }
}
