package ai.callmeback.db.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.ledger.AuditReport;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.db.usage.UsageStore;
import ai.callmeback.db.usage.UsageSummary;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.UnitPrice;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.call.CallDirection;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.domain.usage.UsageTotals;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

class CostTest {

    private static final Instant AT = Instant.parse("2026-11-21T08:00:00Z");
    private static final String LLM_8B = "llama3.1-8b";

    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private final CallId call = new CallId(UUID.randomUUID());

    @AfterEach
    void audit() {
        AuditReport report = get(Ledger.on(DB.client(), InstantSource.system()).audit());
        assertThat(report.violations()).isEmpty();
    }

    /** Five minutes, 50,000 tokens at 8B, 2,000 characters: the figure the product was planned with. */
    @Test
    void theReferenceCallCostsExactly424500Micros() {
        List<CostLine> lines = record(CallQuantities.of(
                CallDirection.OUTBOUND, List.of(300L), reference(300_000, 45_000, 5_000, 2_000), true));

        assertThat(CostTotal.of(lines)).isEqualTo(new CostTotal(new UsdMicros(424_500), true));
        assertThat(lines)
                .extracting(line -> line.vendor() + " " + line.operation() + " " + line.quantity() + " " + line.unit()
                        + " " + Objects.requireNonNull(line.unitPrice()).usd().toPlainString() + " " + line.amount())
                .containsExactly(
                        "deepgram listen 5 minute 0.0059 $0.029500",
                        "elevenlabs speech 2000 character 0.00015 $0.300000",
                        "llm completion 5000 token 0.0000001 $0.000500",
                        "llm prompt 45000 token 0.0000001 $0.004500",
                        "platform call 1 call 0.02 $0.020000",
                        "twilio voice 5 minute 0.014 $0.070000");
        assertThat(lines).noneMatch(CostLine::estimated);
    }

    @Test
    void quantitiesAreAsEachVendorBills() {
        List<CostInput> inputs =
                CallQuantities.of(CallDirection.OUTBOUND, List.of(61L, 60L, 1L), reference(44_260, 10, 0, 0), false);

        assertThat(inputs)
                .extracting(input -> input.vendor() + " " + input.quantity().toPlainString() + " " + input.estimated())
                .containsExactly("twilio 4 false", "deepgram 0.737667 true", "llm 10 true", "platform 1 false");
    }

    @Test
    void aLineIsRoundedHalfEvenOnce() {
        // 1,005 characters at $0.00015 are $0.15075; 5 tokens are half a micro, 15 tokens one and a half.
        assertThat(amountOf("llm", "prompt", LLM_8B, 5, "token")).isEqualTo(new UsdMicros(0));
        assertThat(amountOf("llm", "prompt", LLM_8B, 15, "token")).isEqualTo(new UsdMicros(2));
        assertThat(amountOf("llm", "prompt", LLM_8B, 25, "token")).isEqualTo(new UsdMicros(2));
        assertThat(amountOf("elevenlabs", "speech", "x", 1_005, "character")).isEqualTo(new UsdMicros(150_750));
        assertThat(DB.query("select usd_to_micros(-0.0000025) as a, usd_to_micros(-0.0000035) as b")
                        .getFirst())
                .containsEntry("a", -2L)
                .containsEntry("b", -4L);
    }

    @Test
    void twoRecordersOfOneCallTakeTurns() throws Exception {
        List<CostInput> inputs =
                CallQuantities.of(CallDirection.OUTBOUND, List.of(300L), reference(300_000, 1, 1, 1), true);
        CostRecorder recorder = CostRecorder.on(DB.client(), InstantSource.system());
        String first = "select * from cost_record('%s', '%s', '%s', now())"
                .formatted(call.value(), AT, JsonMapper.shared().writeValueAsString(inputs));

        List<CostLine> second = DB.during(first, recorder.record(call, AT, inputs));

        assertThat(second).hasSize(6).allMatch(line -> line.revision() == 0);
    }

    @Test
    void aRepeatAddsNothingAlsoWhenItIsConcurrent() {
        List<CostInput> inputs =
                CallQuantities.of(CallDirection.OUTBOUND, List.of(300L), reference(300_000, 1, 1, 1), true);
        CostRecorder recorder = CostRecorder.on(DB.client(), InstantSource.system());

        List<List<CostLine>> answers = get(Flux.range(0, 10)
                .flatMap(i -> recorder.record(call, AT, inputs), 10)
                .collectList());

        assertThat(answers).allSatisfy(lines -> assertThat(lines).isEqualTo(answers.getFirst()));
        assertThat(get(recorder.lines(call))).hasSize(6).allMatch(line -> line.revision() == 0);
    }

    @Test
    void lateUsageMakesACorrectingLineAndChangesNone() {
        List<CostLine> first = record(
                CallQuantities.of(CallDirection.OUTBOUND, List.of(300L), reference(300_000, 100, 0, 2_000), false));

        List<CostLine> corrected = record(
                CallQuantities.of(CallDirection.OUTBOUND, List.of(300L), reference(300_000, 100, 0, 2_400), true));

        assertThat(corrected).containsAll(first).hasSize(first.size() + 1);
        CostLine correction = corrected.stream()
                .filter(line -> line.revision() == 1)
                .findFirst()
                .orElseThrow();
        assertThat(correction.vendor()).isEqualTo("elevenlabs");
        assertThat(correction.quantity()).isEqualTo(new BigDecimal("400"));
        assertThat(correction.amount()).isEqualTo(new UsdMicros(60_000));

        List<CostLine> down = record(
                CallQuantities.of(CallDirection.OUTBOUND, List.of(300L), reference(300_000, 100, 0, 1_900), true));
        assertThat(down.stream()
                        .filter(line -> line.revision() == 2)
                        .findFirst()
                        .orElseThrow()
                        .amount())
                .isEqualTo(new UsdMicros(-75_000));
    }

    @Test
    void aMissingPriceIsALineWithoutAmountAndAReason() {
        List<CostLine> lines = record(List.of(
                new CostInput("llm", "prompt", "nobody-knows-1b", BigDecimal.TEN, "token", false),
                new CostInput("twilio", "voice", "", BigDecimal.ONE, "second", false)));

        assertThat(lines).extracting(CostLine::missingReason).containsExactly("no_price", "other_unit");
        assertThat(lines).allMatch(line -> line.amount() == null && line.unitPrice() == null);
        assertThat(CostTotal.of(lines)).isEqualTo(new CostTotal(UsdMicros.ZERO, false));
    }

    @Test
    void thePriceInForceAtTheCallCounts() {
        DB.execute("insert into price_book (vendor, operation, unit, unit_price, valid_from, source, note) values "
                + "('testco', 'thing', 'piece', 0.000000000001, '2026-01-01Z', 'manual', ''), "
                + "('testco', 'thing', 'piece', 2, '2026-06-01Z', 'api', ''), "
                + "('testco', 'thing', 'piece', null, '2026-07-01Z', 'manual', 'withdrawn')");
        PriceBook book = PriceBook.on(DB.client());

        assertThat(book.at("testco", "thing", "any", Instant.parse("2025-12-31T23:59:59Z"))
                        .blockOptional())
                .isEmpty();
        Price first = get(book.at("testco", "thing", "any", Instant.parse("2026-05-31T23:59:59Z")));
        assertThat(first.unitPrice()).isEqualTo(UnitPrice.of("0.000000000001"));
        assertThat(first.validUntil()).isEqualTo("2026-06-01T00:00:00Z");
        Price second = get(book.at("testco", "thing", "", Instant.parse("2026-06-01T00:00:00Z")));
        assertThat(second.unitPrice()).isEqualTo(UnitPrice.of("2"));
        assertThat(second.source()).isEqualTo("api");
        assertThat(book.at("testco", "thing", "", Instant.parse("2026-07-01T00:00:00Z"))
                        .blockOptional())
                .isEmpty();
    }

    @Test
    void usageIsCumulativeAndARepeatCountsOnce() {
        UsageStore usage = UsageStore.on(DB.client(), PriceBook.on(DB.client()));
        assertThat(get(usage.summary(call))).isEqualTo(new UsageSummary(UsageTotals.NONE, 0, true, null));

        assertThat(get(usage.record(report(1, 2, 30_000, false, reference(30_000, 200, 20, 100)))))
                .isTrue();
        assertThat(get(usage.record(report(1, 2, 30_000, false, reference(30_000, 200, 20, 100)))))
                .isFalse();
        assertThat(get(usage.record(report(1, 1, 15_000, false, reference(15_000, 100, 10, 50)))))
                .isTrue();
        assertThat(get(usage.record(report(2, 1, 15_000, true, reference(15_000, 50, 5, 25)))))
                .isTrue();

        UsageSummary summary = get(usage.summary(call));
        assertThat(summary.totals()).isEqualTo(reference(45_000, 250, 25, 125));
        assertThat(summary.talkMs()).isEqualTo(45_000);
        assertThat(summary.complete()).isFalse();
        // 1 min Twilio 14000 + 0.75 min Deepgram 4425 + 250 and 25 tokens 25 + 2 (2.5 half-even) + 125 chars + platform
        assertThat(get(usage.runningCost(call)))
                .isEqualTo(new CostTotal(new UsdMicros(14_000 + 4_425 + 25 + 2 + 18_750 + 20_000), true));
    }

    @Test
    void booksAreAppendOnly() {
        record(CallQuantities.of(CallDirection.OUTBOUND, List.of(60L), UsageTotals.NONE, true));

        for (String table : List.of("cost_lines", "price_book", "ledger_entries", "ledger_postings")) {
            assertThatThrownBy(() -> DB.execute("delete from " + table)).hasMessageContaining("not allowed");
        }
        assertThatThrownBy(() -> DB.execute("update price_book set unit_price = 1"))
                .hasMessageContaining("not allowed");
    }

    private UsdMicros amountOf(String vendor, String operation, String model, long quantity, String unit) {
        CallId other = new CallId(UUID.randomUUID());
        return Objects.requireNonNull(get(CostRecorder.on(DB.client(), InstantSource.system())
                        .record(
                                other,
                                AT,
                                List.of(new CostInput(
                                        vendor, operation, model, BigDecimal.valueOf(quantity), unit, false))))
                .getFirst()
                .amount());
    }

    private List<CostLine> record(List<CostInput> inputs) {
        return get(CostRecorder.on(DB.client(), InstantSource.system()).record(call, AT, inputs));
    }

    private UsageReport report(int leg, long sequence, long positionMs, boolean last, UsageTotals totals) {
        return new UsageReport(call, leg, sequence, AT, positionMs, last, totals);
    }

    private static UsageTotals reference(long audioMs, long promptTokens, long completionTokens, long characters) {
        return new UsageTotals(
                Map.of("flux-general-en", audioMs),
                Map.of(LLM_8B, promptTokens),
                Map.of(LLM_8B, completionTokens),
                Map.of("eleven_flash_v2_5", characters));
    }

    private static <T> T get(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(Duration.ofSeconds(30)));
    }
}
