package ai.callmeback.activities.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.cost.PriceBook;
import ai.callmeback.db.notice.FinanceNotices;
import ai.callmeback.db.price.PriceRefreshes;
import ai.callmeback.db.price.Prices;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.vendors.pricing.ModelList;
import ai.callmeback.vendors.pricing.PriceLists;
import ai.callmeback.vendors.pricing.PricePage;
import ai.callmeback.vendors.pricing.StatedPrice;
import ai.callmeback.workflows.pricing.PriceSource;
import ai.callmeback.workflows.pricing.PricingProgress;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A refresh against faked lists, on a real PostgreSQL. */
class PricingActivitiesTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Duration SOON = Duration.ofSeconds(10);
    private Instant now = Instant.parse("2026-11-21T04:00:00Z");

    private BigDecimal minute = new BigDecimal("0.014");
    private String page = "<p>$0.0059</p>";
    private final PriceRefreshes runs = new PriceRefreshes(DB.client());
    private final Prices prices = new Prices(DB.client());
    private final PricingActivitiesImpl steps = new PricingActivitiesImpl(
            runs,
            prices,
            PriceBook.on(DB.client()),
            new MoneyCases(DB.client()),
            new FinanceNotices(DB.client()),
            new Lists(),
            () -> now);

    private final class Lists implements PriceLists {
        @Override
        public List<StatedPrice> telephony() {
            return List.of(new StatedPrice("twilio", "voice", "", "minute", minute));
        }

        @Override
        public ModelList models() {
            return new ModelList(
                    List.of(new StatedPrice("llm", "prompt", "gpt-oss-120b", "token", new BigDecimal("0.0000006"))),
                    List.of("gone-7b"));
        }

        @Override
        public Map<String, BigDecimal> voiceMultipliers() {
            return Map.of("eleven_flash_v2_5", new BigDecimal("0.5"), "eleven_v3", new BigDecimal("2"));
        }

        @Override
        public Optional<PricePage> page(Page vendor) {
            return vendor == Page.DEEPGRAM
                    ? Optional.of(PricePage.of("https://example.test/pricing", page))
                    : Optional.empty();
        }
    }

    /** Twilio as it was, a guess confirmed, a voice as it was and one twice as dear, a page as it was. */
    @Test
    void aRefreshBringsThePriceBookUpToDateAndASecondOneFindsNothing() {
        assertThat(refresh()).isEqualTo(new PricingProgress(5, 3, 1, 1, 0, 0));
        List<Map<String, Object>> book = book();
        now = now.plus(Duration.ofDays(1));
        assertThat(refresh()).isEqualTo(new PricingProgress(5, 4, 0, 1, 0, 0));

        assertThat(book()).isEqualTo(book);
        assertThat(DB.query("select kind from money_cases order by kind"))
                .extracting(row -> row.get("kind"))
                .containsExactly("model_not_listed", "price_change_held");

        minute = new BigDecimal("0.015");
        page = "<p>$0.0071</p>";
        now = now.plus(Duration.ofDays(1));
        assertThat(refresh()).isEqualTo(new PricingProgress(5, 2, 1, 1, 1, 0));
        assertThat(Objects.requireNonNull(PriceBook.on(DB.client())
                                .at("twilio", "voice", "", now)
                                .block(SOON))
                        .unitPrice()
                        .usd())
                .isEqualByComparingTo("0.015");
    }

    private PricingProgress refresh() {
        String id = UUID.randomUUID().toString();
        steps.beginRefresh(id, "temporal");
        PricingProgress progress = PricingProgress.NONE;
        for (PriceSource source : PriceSource.values()) {
            progress = steps.readPrices(id, source, progress);
        }
        steps.finishRefresh(id, progress);
        var kept = Objects.requireNonNull(runs.find(UUID.fromString(id)).block(SOON));
        assertThat(kept.finishedAt()).isEqualTo(now);
        assertThat(kept.progress()).contains("\"read\": 5");
        return progress;
    }

    private static List<Map<String, Object>> book() {
        return DB.query("select * from price_book order by vendor, operation, model, valid_from");
    }
}
