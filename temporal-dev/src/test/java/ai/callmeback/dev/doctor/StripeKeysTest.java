package ai.callmeback.dev.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.purchase.StripePrices.Standing;
import ai.callmeback.dev.doctor.Finding.Health;
import ai.callmeback.dev.env.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Keys for one kind of money and prices for the other: each way round. */
class StripeKeysTest {
    private static final Standing NONE = new Standing(0, 0, 12, 0);
    private static final Standing ONLY_OTHERS = new Standing(0, 0, 12, 12);
    private static final Standing ALL = new Standing(12, 0, 0, 12);

    @Test
    void aLiveKeyWithTestPricesIsWrongAndTheReverse() {
        Finding live = prices("sk_live_1", ONLY_OTHERS);
        assertThat(live.health()).isEqualTo(Health.WRONG);
        assertThat(live.words()).isEqualTo("the key is for real money, the prices are for test money");
        assertThat(live.remedy()).contains("stripe sync");
        Finding test = prices("sk_test_1", ONLY_OTHERS);
        assertThat(test.health()).isEqualTo(Health.WRONG);
        assertThat(test.words()).isEqualTo("the key is for test money, the prices are for real money");
        assertThat(prices("rk_live_1", ALL).health()).isEqualTo(Health.OK);
        assertThat(prices("sk_test_1", NONE).health()).isEqualTo(Health.NOTE);
    }

    @Test
    void pricesOfYesterdayAreWrong() {
        assertThat(prices("sk_test_1", new Standing(12, 1, 0, 0)).words()).startsWith("1 cost something else");
        assertThat(prices("sk_test_1", new Standing(11, 0, 1, 0)).health()).isEqualTo(Health.WRONG);
    }

    @Test
    void keysOfTwoKindsAreWrongAndNoKeyIsNothingToSay() {
        assertThat(examine(Map.of("STRIPE_SECRET_KEY", "sk_live_1", "STRIPE_PUBLISHABLE_KEY", "pk_test_1"), ALL)
                        .getFirst()
                        .health())
                .isEqualTo(Health.WRONG);
        assertThat(examine(Map.of(), ALL)).isEmpty();
        assertThat(new StripeKeys(new Settings(Map.of("STRIPE_SECRET_KEY", "sk_test_1")), live -> Optional.empty())
                        .examine()
                        .getFirst()
                        .health())
                .isEqualTo(Health.NOTE);
    }

    private static Finding prices(String key, Standing standing) {
        return examine(Map.of("STRIPE_SECRET_KEY", key), standing).getFirst();
    }

    private static List<Finding> examine(Map<String, String> settings, Standing standing) {
        return new StripeKeys(new Settings(settings), live -> Optional.of(standing)).examine();
    }
}
