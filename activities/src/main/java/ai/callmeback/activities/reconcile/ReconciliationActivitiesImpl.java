package ai.callmeback.activities.reconcile;

import ai.callmeback.db.notice.FinanceNotices;
import ai.callmeback.db.reconcile.Reconciled;
import ai.callmeback.db.reconcile.Reconciliation;
import ai.callmeback.db.reconcile.Reconciliation.Missing;
import ai.callmeback.db.reconcile.Reconciliation.Movement;
import ai.callmeback.db.reconcile.ReconciliationRun;
import ai.callmeback.db.reconcile.ReconciliationRuns;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.vendors.billing.BillPage;
import ai.callmeback.vendors.billing.BilledCall;
import ai.callmeback.vendors.billing.MoneyMovement;
import ai.callmeback.vendors.billing.PaymentBills;
import ai.callmeback.vendors.billing.Payout;
import ai.callmeback.vendors.billing.TelephonyBills;
import ai.callmeback.workflows.reconcile.BilledVendor;
import ai.callmeback.workflows.reconcile.Gap;
import ai.callmeback.workflows.reconcile.ReconciliationActivities;
import ai.callmeback.workflows.reconcile.ReconciliationProgress;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Asks vendors page by page; each record is one round trip to the database, where all is decided. */
@Component("reconciliationActivities")
final class ReconciliationActivitiesImpl implements ReconciliationActivities {
    private static final Logger log = LoggerFactory.getLogger(ReconciliationActivitiesImpl.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<List<Gap>> GAPS = new TypeReference<>() {};
    private static final Duration DATABASE = Duration.ofSeconds(20);
    private static final long USUAL_DAYS = 3;
    private static final int MICRO_PLACES = 6;
    private static final long MICROS_PER_CENT = 10_000;
    /** More than this in corrections is worth a look. */
    private static final long ALERT_MICROS = 100_000;

    private final ReconciliationRuns runs;
    private final Reconciliation books;
    private final TelephonyBills telephony;
    private final PaymentBills payments;
    private final UsageBooks usage;
    private final FinanceNotices notices;
    private final InstantSource clock;

    ReconciliationActivitiesImpl(
            ReconciliationRuns runs,
            Reconciliation books,
            TelephonyBills telephony,
            PaymentBills payments,
            UsageBooks usage,
            FinanceNotices notices,
            InstantSource clock) {
        this.runs = runs;
        this.books = books;
        this.telephony = telephony;
        this.payments = payments;
        this.usage = usage;
        this.notices = notices;
        this.clock = clock;
    }

    @Override
    public Range beginRun(String runId, @Nullable Instant from, @Nullable Instant until, String startedBy) {
        Instant today = clock.instant().truncatedTo(ChronoUnit.DAYS);
        ReconciliationRun run = of(runs.begin(
                UUID.fromString(runId),
                from == null ? today.minus(USUAL_DAYS, ChronoUnit.DAYS) : from,
                until == null ? today : until,
                startedBy,
                clock.instant()));
        return new Range(run.from(), run.until());
    }

    @Override
    public Page holdPage(
            String runId, Range range, BilledVendor vendor, @Nullable String cursor, ReconciliationProgress soFar) {
        Page page = switch (vendor) {
            case TWILIO -> calls(range, cursor, soFar);
            case STRIPE -> movements(range, cursor, soFar);
            case DEEPGRAM -> usage.sessions(range, cursor, soFar);
            case ELEVENLABS -> usage.speech(range, soFar);
        };
        keep(runId, page.progress());
        return page;
    }

    private Page calls(Range range, @Nullable String cursor, ReconciliationProgress soFar) {
        BillPage<BilledCall> page = telephony.calls(range.from(), range.until(), cursor);
        ReconciliationProgress progress = soFar;
        for (BilledCall call : page.items()) {
            boolean dollars = call.price() == null || call.currency().equals("usd");
            if (!dollars) {
                log.warn("telephony bills in another currency than usd; its calls stay as estimated");
            }
            UsdMicros price = call.price() == null || !dollars ? null : micros(call.price());
            progress = progress.plus(
                    told(of(books.call(call.callSid(), call.startedAt(), call.connected(), price, clock.instant()))));
        }
        return new Page(progress, page.next());
    }

    private Page movements(Range range, @Nullable String cursor, ReconciliationProgress soFar) {
        BillPage<MoneyMovement> page = payments.movements(range.from(), range.until(), cursor);
        ReconciliationProgress progress = soFar;
        for (MoneyMovement movement : page.items()) {
            progress = progress.plus(told(of(books.movement(movement(movement), clock.instant()))));
        }
        return new Page(progress, page.next());
    }

    private static Movement movement(MoneyMovement movement) {
        Reconciliation.Kind kind = switch (movement.kind()) {
            case CHARGE -> Reconciliation.Kind.CHARGE;
            case REFUND -> Reconciliation.Kind.REFUND;
            case DISPUTE -> Reconciliation.Kind.DISPUTE;
            case OTHER -> Reconciliation.Kind.OTHER;
        };
        return new Movement(
                movement.id(),
                kind,
                movement.subject(),
                movement.at(),
                new UsdMicros(movement.amountCents() * MICROS_PER_CENT),
                new UsdMicros(movement.feeCents() * MICROS_PER_CENT),
                movement.currency());
    }

    static UsdMicros micros(BigDecimal usd) {
        return new UsdMicros(usd.movePointRight(MICRO_PLACES)
                .setScale(0, RoundingMode.HALF_EVEN)
                .longValueExact());
    }

    static ReconciliationProgress told(Reconciled record) {
        long opened = record.caseOpened() ? 1 : 0;
        long micros = record.difference().amountMicros();
        return switch (record.outcome()) {
            case MATCHED, OTHER -> new ReconciliationProgress(1, 1, 0, 0, 0, opened, 0);
            case CORRECTED -> new ReconciliationProgress(1, 0, 1, 0, 0, opened, micros);
            case LATE -> new ReconciliationProgress(1, 0, 0, 1, 0, opened, 0);
            case MISSING_OURS, AMOUNT_DIFFERS, DUPLICATE -> new ReconciliationProgress(1, 0, 0, 0, 1, opened, 0);
        };
    }

    @Override
    public ReconciliationProgress findMissing(
            String runId, Range range, BilledVendor vendor, ReconciliationProgress soFar) {
        Instant now = clock.instant();
        ReconciliationProgress progress = switch (vendor) {
            case TWILIO -> soFar.plus(missing(vendor, range, now)).plus(days(range, now));
            case STRIPE -> soFar.plus(missing(vendor, range, now)).plus(payouts(range, now));
            case DEEPGRAM -> soFar.plus(usage.listening(range));
            case ELEVENLABS -> soFar;
        };
        keep(runId, progress);
        return progress;
    }

    private ReconciliationProgress missing(BilledVendor vendor, Range range, Instant now) {
        return told(of(books.missingTheirs(name(vendor), range.from(), range.until(), now)));
    }

    private ReconciliationProgress payouts(Range range, Instant now) {
        ReconciliationProgress progress = ReconciliationProgress.NONE;
        String cursor = null;
        do {
            BillPage<Payout> page = payments.payouts(range.from(), range.until(), cursor);
            for (Payout payout : page.items()) {
                progress = progress.plus(told(of(books.payout(
                        payout.id(),
                        payout.status(),
                        payout.at(),
                        new UsdMicros(payout.amountCents() * MICROS_PER_CENT),
                        new UsdMicros(payout.netCents() * MICROS_PER_CENT),
                        now))));
            }
            cursor = page.next();
        } while (cursor != null);
        return progress;
    }

    private ReconciliationProgress days(Range range, Instant now) {
        ReconciliationProgress progress = ReconciliationProgress.NONE;
        WholeDays days = WholeDays.of(range, now);
        if (!days.none()) {
            for (var day : telephony.dailyTotals(days.first(), days.last()).entrySet()) {
                progress = progress.plus(told(of(books.day("twilio", day.getKey(), micros(day.getValue()), now))));
            }
            for (var day : telephony.otherServices(days.first(), days.last()).entrySet()) {
                progress = progress.plus(told(of(books.servicesDay(day.getKey(), micros(day.getValue()), now))));
            }
        }
        return progress;
    }

    private static ReconciliationProgress told(Missing missing) {
        return new ReconciliationProgress(0, 0, 0, 0, missing.missing(), missing.casesOpened(), 0);
    }

    @Override
    public LeftOut leftOut(String runId) {
        ReconciliationRun run = of(runs.find(UUID.fromString(runId)));
        List<Gap> gaps = JSON.readValue(run.gaps(), GAPS);
        return new LeftOut(
                gaps,
                gaps.isEmpty()
                        ? ReconciliationProgress.NONE
                        : JSON.readValue(run.progress(), ReconciliationProgress.class));
    }

    @Override
    public void finishRun(String runId, ReconciliationProgress progress) {
        endRun(runId, progress, List.of());
    }

    @Override
    public void endRun(String runId, ReconciliationProgress soFar, List<Gap> gaps) {
        UUID run = UUID.fromString(runId);
        ReconciliationProgress progress = soFar.plus(incomplete(run, gaps));
        keep(runId, progress);
        runs.leftOut(run, JSON.writeValueAsString(gaps)).block(DATABASE);
        runs.finished(run, clock.instant()).block(DATABASE);
        // A try before this one may have opened the cases of the gaps.
        if (Math.abs(progress.correctedMicros()) > ALERT_MICROS || progress.casesOpened() > 0 || !gaps.isEmpty()) {
            UsdMicros by = new UsdMicros(progress.correctedMicros());
            log.warn("reconciliation {}: corrected by {}, {} new cases for finance", runId, by, progress.casesOpened());
            notices.tell(
                            noticeKey(runId, gaps),
                            "The books and the vendors' records differ",
                            "A reconciliation looked at " + progress.records() + " records, corrected "
                                    + progress.corrected() + " by " + by + " in all, and opened "
                                    + progress.casesOpened() + " cases." + without(gaps)
                                    + "\n\nThey are under Money, Cases.",
                            clock.instant())
                    .block(DATABASE);
        }
        Instant today = clock.instant().truncatedTo(ChronoUnit.DAYS);
        books.watchChargeRate(today.minus(1, ChronoUnit.DAYS), today, clock.instant())
                .block(DATABASE);
    }

    /** A case for each vendor that was left out, and an e-mail; cases of those that were held since are closed. */
    private ReconciliationProgress incomplete(UUID run, List<Gap> gaps) {
        long opened = 0;
        for (Gap gap : gaps) {
            log.warn("reconciliation {} is incomplete: {}: {}", run, gap.vendor(), gap.reason());
            opened += of(runs.gap(run, name(gap.vendor()), gap.reason(), clock.instant())) ? 1 : 0;
        }
        runs.gapsClosed(run, gaps.stream().map(gap -> name(gap.vendor())).toList(), clock.instant())
                .block(DATABASE);
        return new ReconciliationProgress(0, 0, 0, 0, 0, opened, 0);
    }

    /** Told once for each way a run ends: a run that was incomplete and is whole now is told of again. */
    private static String noticeKey(String runId, List<Gap> gaps) {
        return "reconciliation/" + runId
                + gaps.stream().map(gap -> "-" + name(gap.vendor())).sorted().collect(Collectors.joining());
    }

    private static String without(List<Gap> gaps) {
        return gaps.isEmpty()
                ? ""
                : "\n\nIt is incomplete, without "
                        + gaps.stream().map(gap -> name(gap.vendor())).collect(Collectors.joining(", "))
                        + ": resume it when they answer again.";
    }

    private static String name(BilledVendor vendor) {
        return vendor.name().toLowerCase(Locale.ROOT);
    }

    private void keep(String runId, ReconciliationProgress progress) {
        runs.progressed(UUID.fromString(runId), JSON.writeValueAsString(progress))
                .block(DATABASE);
    }

    private static <T> T of(Mono<T> answer) {
        return Objects.requireNonNull(answer.block(DATABASE), "nothing was answered");
    }
}
