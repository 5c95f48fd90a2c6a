package ai.callmeback.activities.pricing;

import ai.callmeback.db.cost.Price;
import ai.callmeback.db.cost.PriceBook;
import ai.callmeback.db.notice.FinanceNotices;
import ai.callmeback.db.price.PriceReading;
import ai.callmeback.db.price.PriceRefreshes;
import ai.callmeback.db.price.Prices;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.vendors.pricing.ModelList;
import ai.callmeback.vendors.pricing.PriceLists;
import ai.callmeback.vendors.pricing.PricePage;
import ai.callmeback.vendors.pricing.StatedPrice;
import ai.callmeback.workflows.pricing.PriceSource;
import ai.callmeback.workflows.pricing.PricingActivities;
import ai.callmeback.workflows.pricing.PricingProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Asks one vendor at a time; what becomes of a price is decided in the database. */
@Component("pricingActivities")
final class PricingActivitiesImpl implements PricingActivities {
    private static final Logger log = LoggerFactory.getLogger(PricingActivitiesImpl.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration DATABASE = Duration.ofSeconds(20);
    /** As many decimal places as the price book keeps. */
    private static final int PLACES = 12;

    private final PriceRefreshes runs;
    private final Prices prices;
    private final PriceBook book;
    private final MoneyCases cases;
    private final FinanceNotices notices;
    private final PriceLists lists;
    private final InstantSource clock;

    PricingActivitiesImpl(
            PriceRefreshes runs,
            Prices prices,
            PriceBook book,
            MoneyCases cases,
            FinanceNotices notices,
            PriceLists lists,
            InstantSource clock) {
        this.runs = runs;
        this.prices = prices;
        this.book = book;
        this.cases = cases;
        this.notices = notices;
        this.lists = lists;
        this.clock = clock;
    }

    @Override
    public void beginRefresh(String runId, String startedBy) {
        runs.begin(UUID.fromString(runId), startedBy, clock.instant()).block(DATABASE);
    }

    @Override
    public PricingProgress readPrices(String runId, PriceSource source, PricingProgress soFar) {
        PricingProgress progress = soFar.plus(
                switch (source) {
                    case TWILIO_API -> keep(lists.telephony(), "pricing API, United States");
                    case MODEL_LIST -> models();
                    case VOICE_MODELS -> voices();
                    case DEEPGRAM_PAGE -> page(PriceLists.Page.DEEPGRAM);
                    case ELEVENLABS_PAGE -> page(PriceLists.Page.ELEVENLABS);
                    case LLM_PAGE -> page(PriceLists.Page.LLM);
                    case RESEND_PAGE -> page(PriceLists.Page.RESEND);
                });
        progressed(runId, progress);
        return progress;
    }

    private PricingProgress models() {
        ModelList models = lists.models();
        Instant now = clock.instant();
        for (String missing : models.missing()) {
            boolean opened = of(cases.open(
                    "model_not_listed",
                    "llm model " + missing,
                    "It is set to be used, and the vendor's list has it no more",
                    now));
            if (opened) {
                notices.tell(
                                "model-not-listed/" + missing,
                                "A language model is not offered any more",
                                "The model " + missing + " is set to be used for calls, and the vendor's list of models"
                                        + " does not have it. Tell the operators to choose another.",
                                now)
                        .block(DATABASE);
            }
        }
        return keep(models.prices(), "the vendor's list of models");
    }

    /** A character takes credits by its model; what a credit costs, finance has entered. */
    private PricingProgress voices() {
        Optional<Price> credit =
                book.at("elevenlabs", "credit", "", clock.instant()).blockOptional(DATABASE);
        if (credit.isEmpty()) {
            return PricingProgress.NONE;
        }
        List<StatedPrice> stated = new ArrayList<>();
        lists.voiceMultipliers()
                .forEach((model, credits) -> stated.add(new StatedPrice(
                        "elevenlabs",
                        "speech",
                        model,
                        "character",
                        credits.multiply(credit.get().unitPrice().usd()))));
        return keep(stated, "credits a character by the list of voice models, times the price of a credit");
    }

    private PricingProgress keep(List<StatedPrice> stated, String note) {
        PricingProgress progress = PricingProgress.NONE;
        for (StatedPrice price : stated) {
            if (price.usd().stripTrailingZeros().scale() > PLACES) {
                log.warn(
                        "{} {} {}: a price of more than {} places is left out",
                        price.vendor(),
                        price.operation(),
                        price.model(),
                        PLACES);
                continue;
            }
            progress = progress.plus(told(of(prices.read(
                    price.vendor(),
                    price.operation(),
                    price.model(),
                    price.unit(),
                    price.usd(),
                    note,
                    clock.instant()))));
        }
        return progress;
    }

    private PricingProgress page(PriceLists.Page vendor) {
        Optional<PricePage> page = lists.page(vendor);
        if (page.isEmpty()) {
            return PricingProgress.NONE;
        }
        String name = vendor.name().toLowerCase(Locale.ROOT);
        return told(of(prices.page(name, page.get().url(), page.get().fingerprint(), clock.instant())));
    }

    private static PricingProgress told(PriceReading reading) {
        return switch (reading) {
            case UNCHANGED, REFUSED -> new PricingProgress(1, 1, 0, 0, 0, 0);
            case CONFIRMED, NEW, CHANGED -> new PricingProgress(1, 0, 1, 0, 0, 0);
            case HELD -> new PricingProgress(1, 0, 0, 1, 0, 0);
            case PAGE_CHANGED -> new PricingProgress(1, 0, 0, 0, 1, 0);
        };
    }

    @Override
    public void finishRefresh(String runId, PricingProgress progress) {
        progressed(runId, progress);
        runs.finished(UUID.fromString(runId), clock.instant()).block(DATABASE);
        if (progress.sourcesFailed() > 0) {
            log.warn("prices {}: {} sources could not be read", runId, progress.sourcesFailed());
        }
    }

    private void progressed(String runId, PricingProgress progress) {
        runs.progressed(UUID.fromString(runId), JSON.writeValueAsString(progress))
                .block(DATABASE);
    }

    private static <T> T of(Mono<T> answer) {
        return Objects.requireNonNull(answer.block(DATABASE), "nothing was answered");
    }
}
