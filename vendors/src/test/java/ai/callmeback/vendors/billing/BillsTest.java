package ai.callmeback.vendors.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import ai.callmeback.vendors.ScriptedHttp;
import ai.callmeback.vendors.ScriptedHttp.Reply;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.telephony.TwilioBills;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What vendors have charged, by their own libraries over the wire. */
class BillsTest {
    private static final Instant FROM = Instant.parse("2026-11-20T00:00:00Z");
    private static final Instant UNTIL = Instant.parse("2026-11-21T00:00:00Z");
    private static final String ACCOUNT = "AC" + "0".repeat(32);

    private static String call(String sid, String duration, String price) {
        return "{\"sid\":\"" + sid + "\",\"status\":\"completed\",\"duration\":" + duration + ",\"price\":" + price
                + ",\"price_unit\":\"USD\",\"start_time\":\"Fri, 20 Nov 2026 09:12:01 +0000\"}";
    }

    private static TwilioBills twilio(URI base) {
        return new TwilioBills(new VendorSettings.Twilio(ACCOUNT, Secret.of("token"), "+15005550006", base));
    }

    @Test
    void pricesOfCallsComeInPages() {
        String next = "/2010-04-01/Accounts/" + ACCOUNT + "/Calls.json?PageSize=50&Page=1&PageToken=PACA1";
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.of(
                        200,
                        asked.uri().contains("PageToken")
                                ? "{\"calls\":[" + call("CA3", "\"0\"", "null") + "],\"page\":1,\"page_size\":50,"
                                        + "\"uri\":\"/x\",\"first_page_uri\":\"/x\",\"next_page_uri\":null}"
                                : "{\"calls\":[" + call("CA1", "\"187\"", "\"-0.05600\"") + ","
                                        + call("CA2", "\"60\"", "null")
                                        + "],\"page\":0,\"page_size\":50,\"uri\":\"/x\","
                                        + "\"first_page_uri\":\"/x\",\"next_page_uri\":\"" + next + "\"}"));
                TwilioBills bills = twilio(vendor.base("/twilio"))) {
            BillPage<BilledCall> first = bills.calls(FROM, UNTIL, null);
            BillPage<BilledCall> last = bills.calls(FROM, UNTIL, first.next());

            Instant at = Instant.parse("2026-11-20T09:12:01Z");
            assertThat(first.items())
                    .containsExactly(
                            new BilledCall("CA1", at, true, new BigDecimal("0.05600"), "usd"),
                            new BilledCall("CA2", at, true, null, "usd"));
            assertThat(last).isEqualTo(new BillPage<>(List.of(new BilledCall("CA3", at, false, null, "usd")), null));
            assertThat(vendor.asked.getFirst().uri())
                    .startsWith("/twilio/2010-04-01/Accounts/" + ACCOUNT + "/Calls.json?")
                    .contains("StartTime%3E=2026-11-20", "StartTime%3C=2026-11-21");
            assertThat(vendor.asked.getLast().uri()).isEqualTo("/twilio" + next);
        }
    }

    @Test
    void daysHaveTotals() {
        String usage = "{\"usage_records\":[{\"category\":\"calls-outbound\",\"price\":\"0.07\",\"price_unit\":\"usd\","
                + "\"start_date\":\"2026-11-20\",\"end_date\":\"2026-11-20\"}],\"page\":0,\"page_size\":100,"
                + "\"uri\":\"/x\",\"first_page_uri\":\"/x\",\"next_page_uri\":null}";
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.of(200, usage));
                TwilioBills bills = twilio(vendor.base("/twilio"))) {
            LocalDate day = LocalDate.parse("2026-11-20");

            assertThat(bills.dailyTotals(day, day)).containsExactly(Map.entry(day, new BigDecimal("0.07")));

            assertThat(vendor.asked.getFirst().uri())
                    .contains("/Usage/Records/Daily.json?", "Category=calls-outbound", "StartDate=2026-11-20");
        }
    }

    @Test
    void movementsAreNamedByWhatTheyAreOf() {
        String list = """
                {"object":"list","url":"/v1/balance_transactions","has_more":true,"data":[
                {"id":"txn_1","object":"balance_transaction","amount":1499,"fee":73,"currency":"usd","created":1795165200,
                 "source":{"id":"ch_1","object":"charge","payment_intent":"pi_1"}},
                {"id":"txn_2","object":"balance_transaction","amount":-500,"fee":0,"currency":"usd","created":1795165200,
                 "source":{"id":"re_1","object":"refund","payment_intent":"pi_1"}},
                {"id":"txn_3","object":"balance_transaction","amount":-1499,"fee":1500,"currency":"usd",
                 "created":1795165200,"source":{"id":"dp_1","object":"dispute","payment_intent":"pi_1"}},
                {"id":"txn_4","object":"balance_transaction","amount":-9000,"fee":0,"currency":"usd","created":1795165200,
                 "source":"po_1"}]}""";
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.of(200, list))) {
            StripeBills bills = new StripeBills(
                    new VendorSettings.Stripe(Secret.of("sk_test_1"), null, "", vendor.base("/stripe")));

            BillPage<MoneyMovement> page = bills.movements(FROM, UNTIL, null);
            bills.movements(FROM, UNTIL, page.next());

            assertThat(page.items())
                    .extracting(MoneyMovement::kind, MoneyMovement::subject, MoneyMovement::amountCents)
                    .containsExactly(
                            tuple(MoneyMovement.Kind.CHARGE, "pi_1", 1_499L),
                            tuple(MoneyMovement.Kind.REFUND, "re_1", -500L),
                            tuple(MoneyMovement.Kind.DISPUTE, "dp_1", -1_499L),
                            tuple(MoneyMovement.Kind.OTHER, "po_1", -9_000L));
            assertThat(page.next()).isEqualTo("txn_4");
            assertThat(vendor.asked.getFirst().uri()).contains("limit=100", "data.source");
            assertThat(vendor.asked.getLast().uri()).contains("starting_after=txn_4");
        }
    }

    @Test
    void aVendorThatDoesNotAnswerIsAnError() {
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.of(500, "{}"));
                TwilioBills bills = twilio(vendor.base("/twilio"))) {
            assertThatThrownBy(() -> bills.calls(FROM, UNTIL, null)).isInstanceOf(BillsException.class);
            StripeBills stripe = new StripeBills(
                    new VendorSettings.Stripe(Secret.of("sk_test_1"), null, "", vendor.base("/stripe")));
            assertThatThrownBy(() -> stripe.movements(FROM, UNTIL, null)).isInstanceOf(BillsException.class);
        }
    }

    @Test
    void otherServicesAreTheWholeAccountLessItsCalls() {
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.of(
                        200,
                        "{\"usage_records\":[{\"category\":\"x\",\"price\":\""
                                + (asked.uri().contains("totalprice")
                                        ? "0.25"
                                        : asked.uri().contains("calls-inbound") ? "0.05" : "0.07")
                                + "\",\"price_unit\":\"usd\",\"start_date\":\"2026-11-20\",\"end_date\":\"2026-11-20\"}],"
                                + "\"page\":0,\"page_size\":100,\"uri\":\"/x\",\"first_page_uri\":\"/x\","
                                + "\"next_page_uri\":null}"));
                TwilioBills bills = twilio(vendor.base("/twilio"))) {
            LocalDate day = LocalDate.parse("2026-11-20");

            assertThat(bills.otherServices(day, day)).containsExactly(Map.entry(day, new BigDecimal("0.13")));
        }
    }

    @Test
    void payoutsComeWithTheSumOfWhatTheyPaid() {
        try (ScriptedHttp vendor =
                new ScriptedHttp(asked -> Reply.of(200, asked.uri().contains("balance_transactions") ? """
                        {"object":"list","url":"/v1/balance_transactions","has_more":false,"data":[
                        {"id":"txn_9","object":"balance_transaction","type":"payout","amount":-2000,"net":-2000,"fee":0},
                        {"id":"txn_1","object":"balance_transaction","type":"charge","amount":1499,"net":1426,"fee":73},
                        {"id":"txn_2","object":"balance_transaction","type":"refund","amount":-500,"net":-500,"fee":0}]}""" : """
                        {"object":"list","url":"/v1/payouts","has_more":false,"data":[{"id":"po_1","object":"payout",
                        "amount":2000,"created":1795165200,"status":"paid","currency":"usd"}]}"""))) {
            PaymentBills bills =
                    new StripeBills(new VendorSettings.Stripe(Secret.of("sk_test_1"), null, "", vendor.base("")));

            assertThat(bills.payouts(FROM, UNTIL, null).items())
                    .containsExactly(new Payout("po_1", Instant.ofEpochSecond(1_795_165_200), 2_000, 926, "paid"));
            assertThat(vendor.asked.getLast().uri()).contains("payout=po_1");
        }
    }

    @Test
    void listeningSessionsNameTheirCall() {
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.of(
                        200,
                        asked.uri().endsWith("/projects")
                                ? "{\"projects\":[{\"project_id\":\"p1\",\"name\":\"x\"}]}"
                                : """
                        {"page":0,"limit":100,"requests":[
                        {"request_id":"r1","created":"2026-11-20T09:12:01.5Z","path":"/v2/listen","response":{"details":
                          {"usd":0.0118,"duration":120.0,"tags":["call-1"]}}},
                        {"request_id":"r2","created":"2026-11-20T09:13:00Z","path":"/v1/listen","response":{"details":
                          {"duration":30.5}}},
                        {"request_id":"r3","created":"2026-11-20T09:14:00Z","path":"/v1/speak","response":{}}]}"""));
                VendorSpeechBills bills = speech(vendor)) {
            BillPage<ListenedSession> page = bills.sessions(FROM, UNTIL, null);

            assertThat(page)
                    .isEqualTo(new BillPage<>(
                            List.of(
                                    new ListenedSession(
                                            "r1",
                                            "call-1",
                                            Instant.parse("2026-11-20T09:12:01.5Z"),
                                            new BigDecimal("0.0118"),
                                            new BigDecimal("120.0")),
                                    new ListenedSession(
                                            "r2",
                                            "",
                                            Instant.parse("2026-11-20T09:13:00Z"),
                                            null,
                                            new BigDecimal("30.5"))),
                            null));
            assertThat(vendor.asked.getLast().uri())
                    .isEqualTo("/deepgram/v1/projects/p1/requests?start=2026-11-20T00:00:00Z&end=2026-11-21T00:00:00Z"
                            + "&limit=100&page=0");
            assertThat(vendor.asked.getLast().headers()).containsEntry("authorization", "Token dg");
        }
    }

    @Test
    void creditsOfSpeechComeByDay() {
        try (ScriptedHttp vendor = new ScriptedHttp(asked ->
                        Reply.of(200, "{\"time\":[1795132800000,1795219200000],\"usage\":{\"All\":[10.5,0]}}"));
                VendorSpeechBills bills = speech(vendor)) {
            LocalDate day = LocalDate.parse("2026-11-20");

            assertThat(bills.speechCredits(day, day.plusDays(1)))
                    .isEqualTo(Map.of(day, new BigDecimal("10.5"), day.plusDays(1), new BigDecimal("0")));
            assertThat(vendor.asked.getFirst().uri())
                    .contains("start_unix=1795132800000", "end_unix=1795305599999", "metric=credits");
        }
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.of(401, "{}"));
                VendorSpeechBills bills = speech(vendor)) {
            assertThatThrownBy(() -> bills.speechCredits(LocalDate.EPOCH, LocalDate.EPOCH))
                    .isInstanceOfSatisfying(
                            BillsException.class,
                            e -> assertThat(e.notAllowed()).isTrue());
        }
    }

    private static VendorSpeechBills speech(ScriptedHttp vendor) {
        return new VendorSpeechBills(
                new VendorSettings.Deepgram(Secret.of("dg"), vendor.base("/deepgram"), SttOptions.Engine.FLUX),
                VendorSettings.ElevenLabs.at(Secret.of("xi"), vendor.base("/elevenlabs")));
    }
}
