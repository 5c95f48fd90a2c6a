package ai.callmeback.vendors.telephony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.vendors.ScriptedHttp;
import ai.callmeback.vendors.ScriptedHttp.Asked;
import ai.callmeback.vendors.ScriptedHttp.Reply;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwilioTelephonyTest {

    private static final String ACCOUNT = "AC" + "0".repeat(32);
    private static final String SID = "CA" + "1".repeat(32);
    private static final String CALL = "{\"sid\":\"" + SID + "\",\"account_sid\":\"" + ACCOUNT
            + "\",\"status\":\"%s\",\"to\":\"+15005550001\",\"from\":\"+15005550006\",\"duration\":%s,\"price\":%s,"
            + "\"price_unit\":\"USD\",\"answered_by\":null,\"date_created\":\"Tue, 04 Aug 2026 09:12:01 +0000\","
            + "\"start_time\":null,\"end_time\":null,\"queue_time\":\"0\",\"new_field\":{\"x\":1}}";
    private static final PlaceCall PLACE = new PlaceCall(
            "+15005550001",
            URI.create("https://cmb.test/webhooks/twilio/voice/c/1"),
            URI.create("https://cmb.test/webhooks/twilio/status/c/1"),
            URI.create("https://cmb.test/webhooks/twilio/amd/c/1"),
            Duration.ofSeconds(30),
            Duration.ofSeconds(330));

    private static VendorSettings.Twilio settings(URI base) {
        return new VendorSettings.Twilio(ACCOUNT, Secret.of("token"), "+15005550006", base);
    }

    private static String call(String status) {
        return CALL.formatted(status, "null", "null");
    }

    private static DialOutcome dial(ScriptedHttp vendor) {
        try (TwilioTelephony telephony = new TwilioTelephony(settings(vendor.base("/twilio")))) {
            return telephony.createCall(PLACE).join();
        }
    }

    private static Reply error(int status, int code) {
        return Reply.of(
                status,
                "{\"code\":" + code + ",\"message\":\"The number +15005550001 is bad\",\"more_info\":"
                        + "\"https://www.twilio.com/docs/errors/" + code + "\",\"status\":" + status + "}");
    }

    @Test
    void dialsWithOnePostUnderABaseWithAPath() {
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.of(201, call("queued")))) {
            assertThat(dial(vendor)).isEqualTo(new DialOutcome.Accepted(SID));
            assertThat(vendor.asked).hasSize(1);
            Asked asked = vendor.asked.getFirst();
            assertThat(asked.method()).isEqualTo("POST");
            assertThat(asked.uri()).isEqualTo("/twilio/2010-04-01/Accounts/" + ACCOUNT + "/Calls.json");
            assertThat(asked.headers().get("authorization")).startsWith("Basic ");
            assertThat(asked.headers().get("content-type")).startsWith("application/x-www-form-urlencoded");
            assertThat(asked.body().split("&"))
                    .contains(
                            "To=%2B15005550001",
                            "From=%2B15005550006",
                            "Url=https%3A%2F%2Fcmb.test%2Fwebhooks%2Ftwilio%2Fvoice%2Fc%2F1",
                            "StatusCallbackEvent=initiated",
                            "StatusCallbackEvent=completed",
                            "MachineDetection=Enable",
                            "AsyncAmd=true",
                            "Timeout=30",
                            "TimeLimit=330");
        }
    }

    /** Guards I5: whatever comes back, there was one POST. */
    @ParameterizedTest
    @CsvSource({"500", "502", "503", "504", "408", "302"})
    void doesNotKnowAfterAnAnswerThatMayHaveDialled(int status) {
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> error(status, 20500))) {
            assertThat(dial(vendor)).isInstanceOf(DialOutcome.Unknown.class);
            assertThat(vendor.asked).hasSize(1);
        }
    }

    @Test
    void doesNotKnowAfterADroppedReplyAnUnreadableOneOrOneWithoutACall() {
        for (Reply reply :
                new Reply[] {Reply.drop(), Reply.of(201, "<html>"), Reply.of(201, "{}"), Reply.of(503, "")}) {
            try (ScriptedHttp vendor = new ScriptedHttp(asked -> reply)) {
                assertThat(dial(vendor)).isInstanceOf(DialOutcome.Unknown.class);
                assertThat(vendor.asked).hasSize(1);
            }
        }
    }

    @Test
    void doesNotKnowWhenTheDeadlinePasses() {
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.silence())) {
            assertThat(dial(vendor)).isInstanceOf(DialOutcome.Unknown.class);
            assertThat(vendor.asked).hasSize(1);
        }
    }

    @Test
    void knowsThatNothingRangWithoutAConnection() {
        URI gone;
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.drop())) {
            gone = vendor.base("");
        }
        try (TwilioTelephony telephony = new TwilioTelephony(settings(gone))) {
            assertThat(telephony.createCall(PLACE).join())
                    .isInstanceOfSatisfying(DialOutcome.Refused.class, refused -> {
                        assertThat(refused.code()).isEqualTo("telephony_unreachable");
                        assertThat(refused.retryable()).isTrue();
                    });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400,21211,number_invalid,false",
        "400,21210,caller_number_not_verified,false",
        "400,21215,country_not_permitted,false",
        "400,21216,number_blocked,false",
        "400,21219,trial_number_not_verified,false",
        "400,573005,trial_number_not_verified,false",
        "401,20003,telephony_unauthorized,false",
        "429,20429,telephony_busy,true",
        "400,99999,telephony_refused,false"
    })
    void namesEveryRefusalWithARemedyAndWithoutTheNumber(int status, int code, String ours, boolean retryable) {
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> error(status, code))) {
            assertThat(dial(vendor)).isInstanceOfSatisfying(DialOutcome.Refused.class, refused -> {
                assertThat(refused.code()).isEqualTo(ours);
                assertThat(refused.vendorCode()).isEqualTo(code);
                assertThat(refused.retryable()).isEqualTo(retryable);
                assertThat(refused.remedy()).isNotBlank();
                assertThat(refused.toString()).doesNotContain("500555");
            });
            assertThat(vendor.asked).hasSize(1);
        }
    }

    private static UpdateOutcome end(Function<Asked, Reply> script) {
        try (ScriptedHttp vendor = new ScriptedHttp(script);
                TwilioTelephony telephony = new TwilioTelephony(settings(vendor.base("")))) {
            UpdateOutcome outcome = telephony.endCall(SID).join();
            assertThat(vendor.asked.getFirst().uri())
                    .isEqualTo("/2010-04-01/Accounts/" + ACCOUNT + "/Calls/" + SID + ".json");
            assertThat(vendor.asked.getFirst().body()).isEqualTo("Status=completed");
            return outcome;
        }
    }

    @Test
    void endsACallOnceMoreIfTheVendorStumblesAndTakesAnEndedOneForEnded() {
        int[] count = {0};
        assertThat(end(asked -> ++count[0] == 1 ? error(503, 20500) : Reply.of(200, call("completed"))))
                .isEqualTo(new UpdateOutcome.Done(TwilioCallStatus.COMPLETED));
        assertThat(count[0]).isEqualTo(2);
        assertThat(end(asked -> error(400, 21220))).isEqualTo(new UpdateOutcome.AlreadyEnded());
        assertThat(end(asked -> error(404, 20404))).isEqualTo(new UpdateOutcome.AlreadyEnded());
        assertThat(end(asked -> error(401, 20003))).isInstanceOf(UpdateOutcome.Refused.class);
        assertThat(end(asked -> Reply.drop())).isInstanceOf(UpdateOutcome.Unknown.class);
    }

    /** Shorter than our own wait, or longer than anybody can wait: the first is kept to, the second cut to the deadline. */
    @ParameterizedTest
    @CsvSource({"1,1000,2500", "0,0,240", "3600,5000,7000"})
    void waitsAsLongAsTheVendorAsksWhenItTakesNoMore(String asked, long atLeastMillis, long atMostMillis) {
        int[] count = {0};
        long[] at = new long[2];
        assertThat(end(question -> {
                    at[count[0]] = System.nanoTime();
                    return ++count[0] == 1
                            ? error(429, 20429).with("Retry-After", asked)
                            : Reply.of(200, call("completed"));
                }))
                .isEqualTo(new UpdateOutcome.Done(TwilioCallStatus.COMPLETED));
        assertThat(Duration.ofNanos(at[1] - at[0]))
                .isBetween(Duration.ofMillis(atLeastMillis), Duration.ofMillis(atMostMillis));
    }

    @Test
    void redirectsByUrl() {
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.of(200, call("in-progress")));
                TwilioTelephony telephony = new TwilioTelephony(settings(vendor.base("")))) {
            assertThat(telephony
                            .redirect(SID, URI.create("https://cmb.test/v?leg=2"))
                            .join())
                    .isEqualTo(new UpdateOutcome.Done(TwilioCallStatus.IN_PROGRESS));
            assertThat(vendor.asked.getFirst().body().split("&"))
                    .containsExactlyInAnyOrder("Url=https%3A%2F%2Fcmb.test%2Fv%3Fleg%3D2", "Method=POST");
        }
    }

    @Test
    void hasTheVendorSayTheLastWords() {
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.of(200, call("in-progress")));
                TwilioTelephony telephony = new TwilioTelephony(settings(vendor.base("")))) {
            assertThat(telephony.sayAndEnd(SID, "Sorry & goodbye.").join())
                    .isEqualTo(new UpdateOutcome.Done(TwilioCallStatus.IN_PROGRESS));
            String body = URLDecoder.decode(vendor.asked.getFirst().body(), StandardCharsets.UTF_8);
            assertThat(body).startsWith("Twiml=").contains("<Say>Sorry &amp; goodbye.</Say><Hangup/>");
        }
    }

    @Test
    void movesTheTimeLimitOfALiveCall() {
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.of(200, call("in-progress")));
                TwilioTelephony telephony = new TwilioTelephony(settings(vendor.base("")))) {
            assertThat(telephony.limit(SID, Duration.ofSeconds(630)).join())
                    .isEqualTo(new UpdateOutcome.Done(TwilioCallStatus.IN_PROGRESS));
            assertThat(vendor.asked.getFirst().uri()).endsWith("/Calls/" + SID + ".json");
            assertThat(vendor.asked.getFirst().body()).isEqualTo("TimeLimit=630");
        }
    }

    @Test
    void readsACallAndItsPrice() {
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> asked.uri().contains("CA1")
                        ? Reply.of(200, CALL.formatted("completed", "\"61\"", "\"-0.02800\""))
                        : error(404, 20404));
                TwilioTelephony telephony = new TwilioTelephony(settings(vendor.base("")))) {
            assertThat(telephony.fetch(SID).join()).isInstanceOfSatisfying(FetchOutcome.Found.class, found -> {
                assertThat(found.call().status()).isEqualTo(TwilioCallStatus.COMPLETED);
                assertThat(found.call().durationSeconds()).isEqualTo(61);
                assertThat(found.call().price()).isEqualByComparingTo(new BigDecimal("0.028"));
                assertThat(found.call().priceUnit()).isEqualTo("USD");
                assertThat(found.call().createdAt()).isEqualTo(Instant.parse("2026-08-04T09:12:01Z"));
            });
            assertThat(telephony.fetch("CA" + "2".repeat(32)).join()).isEqualTo(new FetchOutcome.NotFound());
        }
    }

    @Test
    void listsCallsToANumberSinceAnInstantAlsoThoseStillQueued() {
        String page = "{\"calls\":[" + call("queued") + ","
                + call("completed")
                        .replace("04 Aug 2026 09:12:01", "04 Aug 2026 08:00:00")
                        .replace("Tue", "Tue")
                + "],\"first_page_uri\":\"/x\",\"next_page_uri\":null,\"page\":0,\"page_size\":50,\"uri\":\"/x\"}";
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.of(200, page));
                TwilioTelephony telephony = new TwilioTelephony(settings(vendor.base("/t")))) {
            ListOutcome outcome = telephony
                    .list("+15005550001", Instant.parse("2026-08-04T09:12:01.900Z"))
                    .join();
            assertThat(outcome).isInstanceOfSatisfying(ListOutcome.Listed.class, listed -> {
                assertThat(listed.calls()).hasSize(1);
                assertThat(listed.calls().getFirst().status()).isEqualTo(TwilioCallStatus.QUEUED);
            });
            assertThat(vendor.asked.getFirst().uri())
                    .startsWith("/t/2010-04-01/Accounts/" + ACCOUNT + "/Calls.json?")
                    .contains("To=%2B15005550001");
        }
    }

    @Test
    void refusesAPlaceCallThatCannotBe() {
        assertThatThrownBy(() -> new PlaceCall(
                        "5550001",
                        PLACE.answerUrl(),
                        PLACE.statusCallback(),
                        null,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60)))
                .hasMessageContaining("toE164")
                .hasMessageNotContaining("5550001");
        assertThatThrownBy(() -> new PlaceCall(
                        "+15005550001",
                        PLACE.answerUrl(),
                        PLACE.statusCallback(),
                        null,
                        Duration.ofSeconds(30),
                        Duration.ofHours(5)))
                .hasMessageContaining("PT5H");
    }
}
