package ai.callmeback.simulators.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What the vendor would refuse is refused, in the vendor's words. */
class RestRefusalsTest extends LiveExchange {
    private static final String TO = "+14155550123";

    @BeforeEach
    void reset() throws Exception {
        control("POST", "/reset", "");
        control("PUT", "/twilio", "{\"callsPerSecond\":1000}");
        control("PUT", "/default-phone", "{\"behaviour\":{\"kind\":\"no-answer\"}}");
    }

    private HttpResponse<String> dial(String... changed) throws Exception {
        List<String> fields = new ArrayList<>(List.of("To", TO, "From", FROM, "Url", "http://127.0.0.1:1/voice"));
        for (int i = 0; i < changed.length; i += 2) {
            int at = fields.indexOf(changed[i]);
            if (at >= 0) {
                fields.set(at + 1, changed[i + 1]);
            } else {
                fields.addAll(List.of(changed[i], changed[i + 1]));
            }
        }
        return post(calls(), fields.toArray(String[]::new));
    }

    private static void assertRefused(HttpResponse<String> response, int status, int code) {
        JsonNode body = json(response);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(body.get("code").asInt()).isEqualTo(code);
        assertThat(body.get("status").asInt()).isEqualTo(status);
        assertThat(body.get("message").asString()).isNotBlank();
        assertThat(body.get("more_info").asString()).endsWith("/" + code);
    }

    @ParameterizedTest
    @CsvSource({
        "To,not-a-number,21211",
        "To,4155550123,21211",
        "To,'',21201",
        "From,'',21213",
        "From,+14155550999,21210",
        "Url,'',21205",
        "Url,ftp://example.com/x,21205",
        "Url,http://under_score.example.com/x,21205",
        "StatusCallback,http://under_score.example.com/x,21609",
        "StatusCallbackEvent,hangup,21626",
        "Timeout,601,20001",
        "TimeLimit,0,20001",
        "SendDigits,12345678901234567890123456789012345,20001",
        "MachineDetection,Maybe,20001",
        "Method,PUT,20001"
    })
    void invalidFields(String field, String value, int code) throws Exception {
        assertRefused(dial(field, value), 400, code);
        assertThat(control("GET", "/journal?vendor=twilio&kind=call.created", "")
                        .get("entries"))
                .isEmpty();
    }

    @Test
    void overlongTwiml() throws Exception {
        assertRefused(
                post(calls(), "To", TO, "From", FROM, "Twiml", "<Response>" + "x".repeat(4_000) + "</Response>"),
                400,
                20001);
    }

    @Test
    void wrongCredentials() throws Exception {
        HttpResponse<String> response = http.send(
                request(calls())
                        .setHeader("Authorization", "Basic bm86bm8=")
                        .GET()
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertRefused(response, 401, 20003);
        assertRefused(get("/2010-04-01/Accounts/ACother/Calls.json"), 401, 20003);
    }

    @Test
    void unknownCalls() throws Exception {
        assertRefused(get(call("CA" + "0".repeat(32))), 404, 20404);
        assertRefused(post(call("CA" + "0".repeat(32)), "Status", "completed"), 404, 20404);
    }

    @Test
    void trialAccounts() throws Exception {
        control("PUT", "/twilio", "{\"trial\":true,\"verifiedNumbers\":[\"+14155550177\"]}");
        assertRefused(dial(), 400, 573005);
        assertRefused(dial("From", "+14155550999"), 400, 573002);
        assertThat(dial("To", "+14155550177").statusCode()).isEqualTo(201);
    }

    @Test
    void countriesWithoutPermission() throws Exception {
        control("PUT", "/twilio", "{\"refusedPrefixes\":[\"+44\"]}");
        assertRefused(dial("To", "+442071838750"), 400, 21215);
    }

    @Test
    void faultsRefuseWithoutDialling() throws Exception {
        control("POST", "/faults", "{\"vendor\":\"twilio\",\"operation\":\"createCall\",\"kind\":\"HTTP_429\"}");
        control("POST", "/faults", "{\"vendor\":\"twilio\",\"operation\":\"createCall\",\"kind\":\"HTTP_500\"}");
        control(
                "POST",
                "/faults",
                "{\"vendor\":\"twilio\",\"operation\":\"createCall\",\"kind\":\"HTTP_ERROR\",\"httpStatus\":400,"
                        + "\"errorCode\":21216,\"target\":\"" + TO + "\"}");
        assertRefused(dial(), 429, 20429);
        assertRefused(dial(), 500, 20500);
        assertThat(dial("To", "+14155550124").statusCode()).isEqualTo(201);
        assertRefused(dial(), 400, 21216);
        assertThat(dial().statusCode()).isEqualTo(201);
    }

    @Test
    void redirectingACallThatIsNotInProgress() throws Exception {
        String sid = json(dial()).get("sid").asString();
        assertRefused(post(call(sid), "Url", "http://127.0.0.1:1/x"), 400, 21220);
        assertRefused(post(call(sid), "Status", "paused"), 400, 20001);
        assertThat(post(call(sid), "Status", "canceled").statusCode()).isEqualTo(200);
        assertRefused(post(call(sid), "Status", "canceled"), 400, 21220);
        assertThat(http.send(request(call(sid)).DELETE().build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(204);
        assertRefused(get(call(sid)), 404, 20404);
    }

    @Test
    void listsInPagesNewestFirst() throws Exception {
        List<String> sids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sids.add(json(dial("To", "+1415555020" + i)).get("sid").asString());
        }
        JsonNode first = json(get(calls() + "?PageSize=2&From=%2B15005550006"));
        assertThat(first.get("calls").get(0).get("sid").asString()).isEqualTo(sids.get(2));
        assertThat(first.get("calls")).hasSize(2);
        JsonNode second = json(get(first.get("next_page_uri").asString()));
        assertThat(second.get("calls").get(0).get("sid").asString()).isEqualTo(sids.get(0));
        assertThat(second.get("next_page_uri").isNull()).isTrue();
        assertThat(json(get(calls() + "?To=%2B14155550201")).get("calls")).hasSize(1);
        assertThat(json(get(calls() + "?Status=completed")).get("calls")).isEmpty();
        assertThat(json(get(calls() + "?StartTime%3E=2000-01-01")).get("calls").size())
                .isLessThanOrEqualTo(3);
        assertThat(json(get(calls() + "?StartTime%3C=2000-01-01")).get("calls")).isEmpty();
        assertThat(json(get(calls() + "?StartTime%3C=2000-01-01T00%3A00%3A00Z")).get("calls"))
                .isEmpty();
        assertThat(json(get(calls() + "?StartTime%3C=2000-01-01T00%3A00%3A00")).get("calls"))
                .as("twilio-java names no zone")
                .isEmpty();
    }

    @Test
    void pricesAreStrings() throws Exception {
        JsonNode prices = json(get("/v2/Voice/Numbers/%2B14155550123"));
        assertThat(prices.get("outbound_call_prices")
                        .get(0)
                        .get("current_price")
                        .asString())
                .isEqualTo("0.01400");
        JsonNode country = json(get("/v2/Voice/Countries/US"));
        assertThat(country.get("outbound_prefix_prices")
                        .get(0)
                        .get("base_price")
                        .isString())
                .isTrue();
        assertThat(json(get("/2010-04-01/Accounts/" + ACCOUNT + "/Balance.json"))
                        .get("balance")
                        .asString())
                .isEqualTo("100.00");
    }
}
