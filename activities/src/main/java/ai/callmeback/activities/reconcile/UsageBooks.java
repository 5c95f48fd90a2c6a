package ai.callmeback.activities.reconcile;

import ai.callmeback.db.cost.Price;
import ai.callmeback.db.cost.PriceBook;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.db.reconcile.Reconciliation;
import ai.callmeback.db.reconcile.Reconciliation.Listening;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.vendors.billing.BillPage;
import ai.callmeback.vendors.billing.BillsException;
import ai.callmeback.vendors.billing.ListenedSession;
import ai.callmeback.vendors.billing.SpeechBills;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.workflows.reconcile.ReconciliationActivities.Page;
import ai.callmeback.workflows.reconcile.ReconciliationActivities.Range;
import ai.callmeback.workflows.reconcile.ReconciliationProgress;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Listening and speaking against their vendors' usage. A key that may not read it is a case, and the run goes on. */
@Component
final class UsageBooks {
    private static final Duration DATABASE = Duration.ofSeconds(60);
    private static final BigDecimal SECONDS_PER_MINUTE = BigDecimal.valueOf(60);
    private static final int PLACES = 12;
    private static final int UUID_LENGTH = 36;

    private final Reconciliation books;
    private final PriceBook prices;
    private final MoneyCases cases;
    private final SpeechBills bills;
    private final Reconciliation.Models models;
    private final InstantSource clock;

    UsageBooks(
            Reconciliation books,
            PriceBook prices,
            MoneyCases cases,
            SpeechBills bills,
            VendorSettings settings,
            InstantSource clock) {
        this.books = books;
        this.prices = prices;
        this.cases = cases;
        this.bills = bills;
        this.models = new Reconciliation.Models(
                SttOptions.of(settings.deepgram().engine()).model(),
                settings.llm().model(),
                settings.elevenlabs().model());
        this.clock = clock;
    }

    Page sessions(Range range, @Nullable String cursor, ReconciliationProgress soFar) {
        BillPage<ListenedSession> page;
        try {
            page = bills.sessions(range.from(), range.until(), cursor);
        } catch (BillsException e) {
            return new Page(soFar.plus(notAllowed("deepgram", e)), null);
        }
        ReconciliationProgress progress = soFar;
        for (ListenedSession session : page.items()) {
            progress = progress.plus(ReconciliationActivitiesImpl.told(of(books.session(
                    session.requestId(), call(session.tag()), session.at(), charged(session), clock.instant()))));
        }
        return new Page(progress, page.next());
    }

    private static @Nullable CallId call(String tag) {
        try {
            return tag.length() == UUID_LENGTH ? new CallId(UUID.fromString(tag)) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private UsdMicros charged(ListenedSession session) {
        BigDecimal usd = session.usd();
        if (usd == null) {
            Optional<Price> price =
                    prices.at("deepgram", "listen", "", session.at()).blockOptional(DATABASE);
            usd = price.map(found -> found.unitPrice().usd())
                    .orElse(BigDecimal.ZERO)
                    .multiply(session.audioSeconds())
                    .divide(SECONDS_PER_MINUTE, PLACES, RoundingMode.HALF_EVEN);
        }
        return ReconciliationActivitiesImpl.micros(usd);
    }

    /** Calls whose usage nobody reported are estimated first, so that they are corrected too. */
    ReconciliationProgress listening(Range range) {
        Instant now = clock.instant();
        of(books.estimateUnreported(range.from(), range.until(), models, now));
        Listening listening = of(books.listening(range.from(), range.until(), now));
        return new ReconciliationProgress(
                0,
                0,
                listening.corrected(),
                0,
                listening.missing(),
                listening.casesOpened(),
                listening.by().amountMicros());
    }

    /** Days that are over; a credit at the price of its day. */
    Page speech(Range range, ReconciliationProgress soFar) {
        WholeDays days = WholeDays.of(range, clock.instant());
        if (days.none()) {
            return new Page(soFar, null);
        }
        Map<LocalDate, BigDecimal> credits;
        try {
            credits = bills.speechCredits(days.first(), days.last());
        } catch (BillsException e) {
            return new Page(soFar.plus(notAllowed("elevenlabs", e)), null);
        }
        ReconciliationProgress progress = soFar;
        for (var day : credits.entrySet()) {
            Optional<Price> credit = prices.at(
                            "elevenlabs",
                            "credit",
                            "",
                            day.getKey().atStartOfDay(ZoneOffset.UTC).toInstant())
                    .blockOptional(DATABASE);
            if (credit.isPresent()) {
                UsdMicros charged = ReconciliationActivitiesImpl.micros(
                        day.getValue().multiply(credit.get().unitPrice().usd()));
                progress = progress.plus(
                        ReconciliationActivitiesImpl.told(of(books.speechDay(day.getKey(), charged, clock.instant()))));
            }
        }
        return new Page(progress, null);
    }

    private ReconciliationProgress notAllowed(String vendor, BillsException e) {
        if (!e.notAllowed()) {
            throw e;
        }
        boolean opened = of(cases.open(
                "reconciliation_not_allowed",
                vendor + " usage",
                "The key that is set may not read usage; give it that right",
                clock.instant()));
        return new ReconciliationProgress(0, 0, 0, 0, 1, opened ? 1 : 0, 0);
    }

    private static <T> T of(Mono<T> answer) {
        return Objects.requireNonNull(answer.block(DATABASE), "nothing was answered");
    }
}
