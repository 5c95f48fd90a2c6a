package ai.callmeback.vendors.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guard against crediting play money, and against paying in the wrong environment: one reading of a key. */
class StripeEnvironmentTest {

    @ParameterizedTest
    @CsvSource({
        "sk_live_abc, true",
        "rk_live_abc, true",
        "sk_test_abc, false",
        "rk_test_abc, false",
        "sk_test_a_live_one, false",
        "'', false",
    })
    void aKeyTellsItsEnvironmentByItsPrefix(String secretKey, boolean live) {
        assertThat(stripe(secretKey, "").live()).isEqualTo(live);
    }

    @ParameterizedTest
    @CsvSource({
        "sk_live_abc, pk_live_abc, false",
        "sk_test_abc, pk_test_abc, false",
        "sk_test_abc, pk_test_a_live_one, false",
        "sk_live_abc, pk_test_abc, true",
        "rk_test_abc, pk_live_abc, true",
        "sk_live_abc, '', false",
        "'', pk_live_abc, false",
    })
    void keysOfTwoEnvironmentsAreNoticed(String secretKey, String publishableKey, boolean mixed) {
        assertThat(stripe(secretKey, publishableKey).mixesEnvironments()).isEqualTo(mixed);
    }

    private static VendorSettings.Stripe stripe(String secretKey, String publishableKey) {
        return new VendorSettings.Stripe(
                Secret.of(secretKey), Secret.NONE, publishableKey, URI.create("https://api.stripe.com"));
    }
}
