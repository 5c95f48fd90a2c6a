package ai.callmeback.dev.doctor;

import ai.callmeback.db.purchase.StripePrices.Standing;
import ai.callmeback.dev.env.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether keys and prices are of one kind, test money or real. Stripe tells the kind of a key in its name: {@code sk_live_},
 * {@code rk_live_} and {@code pk_live_}; else it is for tests.
 */
final class StripeKeys {
    private static final String SUBJECT = "Stripe's prices";
    private static final String SYNC = "run ./callmeback stripe sync";

    private final Settings settings;
    private final Function<Boolean, Optional<Standing>> prices;

    /** @param prices how the catalogue stands for live keys, or for those of tests; empty when there is no database to ask */
    StripeKeys(Settings settings, Function<Boolean, Optional<Standing>> prices) {
        this.settings = settings;
        this.prices = prices;
    }

    /** Nothing while Stripe is simulated. */
    List<Finding> examine() {
        String secret = settings.get("STRIPE_SECRET_KEY", "");
        if (secret.isBlank()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        boolean live = live(secret);
        String publishable = settings.get("STRIPE_PUBLISHABLE_KEY", "");
        if (!publishable.isBlank() && live(publishable) != live) {
            findings.add(Finding.wrong(
                    "Stripe's keys",
                    "the secret key is for " + money(live) + ", the publishable one for " + money(!live),
                    "take both from the same page of Stripe's dashboard"));
        }
        findings.add(prices.apply(live)
                .map(standing -> judge(live, standing))
                .orElseGet(() -> Finding.note(
                        SUBJECT,
                        "not looked at: there is no database to ask",
                        "set DATABASE_URL, or start ./callmeback up")));
        return findings;
    }

    private static Finding judge(boolean live, Standing standing) {
        if (standing.known() == 0 && standing.ofOtherKind() > 0) {
            return Finding.wrong(
                    SUBJECT, "the key is for " + money(live) + ", the prices are for " + money(!live), SYNC);
        } else if (standing.known() == 0) {
            return Finding.note(SUBJECT, "the catalogue was never brought to Stripe", SYNC);
        } else if (standing.stale() > 0 || standing.missing() > 0) {
            return Finding.wrong(
                    SUBJECT,
                    standing.stale() + " cost something else at Stripe, " + standing.missing() + " are not there",
                    SYNC);
        }
        return Finding.ok(SUBJECT, standing.known() + " prices for " + money(live));
    }

    private static boolean live(String key) {
        return key.strip().matches("(sk|rk|pk)_live_.*");
    }

    private static String money(boolean live) {
        return live ? "real money" : "test money";
    }
}
