package ai.callmeback.dev.chaos.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.dev.chaos.money.KillPoint.Need;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is drawn from the seed. */
class PlanTest {
    @Test
    void theSeedDrawsAllOfIt() {
        MoneyChaos.Options options = new MoneyChaos.Options(40, 10, 30, 7);
        assertThat(Plan.of(options)).isEqualTo(Plan.of(options));
        assertThat(Plan.of(options)).isNotEqualTo(Plan.of(new MoneyChaos.Options(40, 10, 30, 8)));
    }

    @Test
    void everybodyIsInARoundAndEachRoundHasWhatItsKillNeeds() {
        for (int seed = 0; seed < 20; seed++) {
            List<Plan.Round> rounds =
                    Plan.of(new MoneyChaos.Options(25, 7, 12, seed)).rounds();
            assertThat(rounds).hasSize(12);
            assertThat(rounds.stream().flatMap(round -> round.wishes().stream()).map(Wish::number))
                    .doesNotHaveDuplicates()
                    .hasSize(25);
            assertThat(rounds.stream().mapToInt(Plan.Round::calls).sum()).isEqualTo(7);
            assertThat(rounds).allSatisfy(round -> {
                Need need = round.point().need();
                assertThat(need == Need.CALL && round.calls() == 0).isFalse();
                assertThat(need == Need.REFUND_ORDER && none(round, wish -> wish.fate() == Fate.REFUND_ORDERED))
                        .isFalse();
                assertThat(need == Need.PLAN && none(round, wish -> wish.fate().trade() == Trade.PLAN))
                        .isFalse();
                assertThat(need == Need.TOP_UP
                                && none(round, wish -> wish.fate().trade() == Trade.TOP_UP))
                        .isFalse();
            });
        }
    }

    private static boolean none(Plan.Round round, Predicate<Wish> which) {
        return round.wishes().stream().noneMatch(which);
    }

    /** Also of few purchases; each with a product that its fate allows. */
    @Test
    void aQuarterArePlansAndAQuarterAutoTopUps() {
        for (int seed = 0; seed < 20; seed++) {
            List<Wish> wishes = Plan.of(new MoneyChaos.Options(8, 0, 3, seed)).rounds().stream()
                    .flatMap(round -> round.wishes().stream())
                    .toList();
            Map<Trade, Long> trades = wishes.stream()
                    .collect(Collectors.groupingBy(wish -> wish.fate().trade(), Collectors.counting()));
            assertThat(trades)
                    .containsEntry(Trade.SINGLE, 4L)
                    .containsEntry(Trade.PLAN, 2L)
                    .containsEntry(Trade.TOP_UP, 2L);
            assertThat(wishes).allSatisfy(wish -> {
                assertThat(wish.product().startsWith("plan_"))
                        .isEqualTo(wish.fate().trade() == Trade.PLAN);
                assertThat(wish.fate() == Fate.CHANGED && wish.product().equals("plan_pro"))
                        .isFalse();
                assertThat(wish.fate() == Fate.MADE_SMALLER && wish.product().equals("plan_casual"))
                        .isFalse();
            });
        }
    }

    /** Each where it can be reached: calls begin after the first third, and with them the simulators are left alone. */
    @Test
    void eachPlaceIsTakenBeforeAndAfter() {
        int places = KillPoint.ALL.stream()
                .mapToInt(point -> point.anywhere() ? 1 : 2)
                .sum();
        Set<String> taken = new HashSet<>();
        Plan.of(new MoneyChaos.Options(3 * places, 2 * places, 3 * places, 3))
                .rounds()
                .forEach(round -> taken.add(round.before() + round.point().name()));
        assertThat(taken).hasSize(places);
    }

    @Test
    void withoutKillsThereIsOneRoundAndBoundsAreTold() {
        assertThat(Plan.of(new MoneyChaos.Options(3, 0, 0, 1)).rounds())
                .singleElement()
                .satisfies(round -> assertThat(round.point()).isNull());
        assertThatThrownBy(() -> new MoneyChaos.Options(-1, 0, 0, 1)).hasMessageContaining("purchases");
    }
}
