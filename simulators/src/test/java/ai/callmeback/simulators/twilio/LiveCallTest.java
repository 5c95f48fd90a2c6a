package ai.callmeback.simulators.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.callmeback.simulators.speech.SpeechCodec;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A whole call over real sockets, and the ways a media socket can end. */
class LiveCallTest extends LiveExchange {
    private static final String TO = "+14155550123";

    private FakeCustomer customer;

    @BeforeEach
    void open() throws Exception {
        customer = new FakeCustomer();
        control("POST", "/reset", "");
        control("PUT", "/twilio", "{\"callsPerSecond\":1000,\"priceDelayMillis\":50}");
    }

    @AfterEach
    void close() {
        customer.close();
    }

    private String dial(String... more) throws Exception {
        String[] fields = new String[] {
            "To",
            TO,
            "From",
            FROM,
            "Url",
            customer.url("/voice/1"),
            "StatusCallback",
            customer.url("/callback/status?x=1"),
            "StatusCallbackEvent",
            "initiated",
            "StatusCallbackEvent",
            "ringing",
            "StatusCallbackEvent",
            "answered",
            "StatusCallbackEvent",
            "completed"
        };
        String[] all = Arrays.copyOf(fields, fields.length + more.length);
        System.arraycopy(more, 0, all, fields.length, more.length);
        HttpResponse<String> response = post(calls(), all);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        JsonNode call = json(response);
        assertThat(call.get("status").asString()).isEqualTo("queued");
        assertThat(call.get("duration").isNull()).isTrue();
        return call.get("sid").asString();
    }

    private String twoStreams() {
        return "<Response><Connect><Stream url=\"" + customer.mediaUrl(1)
                + "\"><Parameter name=\"token\" value=\"t-1\"/></Stream></Connect><Connect><Stream url=\""
                + customer.mediaUrl(2) + "\"/></Connect></Response>";
    }

    private FakeCustomer.Media stream(int number) {
        await().atMost(SOON)
                .until(() -> customer.media.size() >= number
                        && !customer.media.get(number - 1).event("start").isEmpty());
        return customer.media.get(number - 1);
    }

    private String status(String sid) throws Exception {
        return json(get(call(sid))).get("status").asString();
    }

    @Test
    void aCallFromQueueToPrice() throws Exception {
        control(
                "PUT",
                "/phones/" + TO,
                "{\"behaviour\":{\"kind\":\"answer\",\"afterMillis\":50},\"script\":[{\"do\":\"listen\"},"
                        + "{\"do\":\"say\",\"text\":\"Who is there?\"},{\"do\":\"digits\",\"digits\":\"5#\"}]}");
        customer.twiml = callback -> twoStreams();
        String sid = dial();

        FakeCustomer.Media media = stream(1);
        JsonNode start = media.event("start").get(0);
        assertThat(media.messages.get(0).toString())
                .isEqualTo("{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}");
        assertThat(start.get("sequenceNumber").asString()).isEqualTo("1");
        assertThat(start.get("start").get("callSid").asString()).isEqualTo(sid);
        assertThat(start.get("start").get("customParameters").get("token").asString())
                .isEqualTo("t-1");
        assertThat(media.signature).isEqualTo(Signature.of(TOKEN, customer.mediaUrl(1), Map.of()));

        media.audio(SpeechCodec.encode("Good morning, my friend.").audio());
        media.mark("m1");
        await().atMost(SOON).until(() -> media.heardText().contains("Who is there?"));
        await().atMost(SOON).until(() -> media.event("dtmf").size() == 2);
        assertThat(media.marks()).containsExactly("m1");
        assertThat(details("phone", sid, "heard").get(0).get("text").asString()).isEqualTo("Good morning, my friend.");
        assertThat(media.heardFaults().none()).isTrue();

        media.close();
        FakeCustomer.Media second = stream(2);
        second.audio(SpeechCodec.encode("Here I am again.").audio());
        await().atMost(SOON).until(() -> details("phone", sid, "heard").size() == 2);
        assertThat(post(call(sid), "Status", "completed").statusCode()).isEqualTo(200);
        await().atMost(SOON).until(() -> second.event("stop").size() == 1);
        HttpResponse<String> again = post(call(sid), "Status", "completed");
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(json(again).get("code").asInt()).isEqualTo(21220);

        await().atMost(SOON).until(() -> !json(get(call(sid))).get("price").isNull());
        JsonNode call = json(get(call(sid)));
        assertThat(call.get("status").asString()).isEqualTo("completed");
        assertThat(call.get("price").asString()).isEqualTo("-0.01400");
        assertThat(Long.parseLong(call.get("duration").asString())).isBetween(3L, 30L);

        await().atMost(SOON).until(() -> customer.statuses().size() == 4);
        assertThat(customer.statuses())
                .extracting(c -> c.form().get("CallStatus"))
                .containsExactlyInAnyOrder("initiated", "ringing", "in-progress", "completed");
        for (FakeCustomer.Callback callback : customer.callbacks) {
            assertThat(callback.signature())
                    .isEqualTo(Signature.of(TOKEN, customer.url(callback.path()), callback.form()));
        }
        Map<String, String> last = customer.statuses().stream()
                .map(FakeCustomer.Callback::form)
                .filter(form -> form.get("CallStatus").equals("completed"))
                .findFirst()
                .orElseThrow();
        assertThat(last)
                .containsEntry("SequenceNumber", "3")
                .containsEntry("CallDuration", call.get("duration").asString())
                .containsEntry("Duration", "1")
                .containsEntry("CallbackSource", "call-progress-events");
        assertThat(usage("calls-outbound")).isEqualTo("0.01400");
    }

    private String usage(String category) throws Exception {
        return json(get("/2010-04-01/Accounts/" + ACCOUNT + "/Usage/Records/Daily.json?Category=" + category))
                .get("usage_records")
                .get(0)
                .get("price")
                .asString();
    }

    @Test
    void aBrokenSocketFallsThroughToTheNextStream() throws Exception {
        customer.twiml = callback -> twoStreams();
        String sid = dial();
        stream(1).breakOff();
        stream(2);
        assertThat(kinds("twilio", sid)).contains("stream.fallthrough");
        assertThat(status(sid)).isEqualTo("in-progress");
    }

    @Test
    void aBrokenSocketEndsTheCallIfToldSo() throws Exception {
        control("PUT", "/twilio", "{\"abruptClose\":\"HANG_UP\"}");
        customer.twiml = callback -> twoStreams();
        String sid = dial();
        stream(1).breakOff();
        await().atMost(SOON).until(() -> status(sid).equals("completed"));
        assertThat(customer.media).hasSize(1);
    }

    @Test
    void aBrokenSocketLeavesSilenceIfToldSoUntilRedirected() throws Exception {
        control("PUT", "/twilio", "{\"abruptClose\":\"SILENCE\"}");
        customer.twiml = callback -> twoStreams();
        String sid = dial();
        stream(1).breakOff();
        await().atMost(SOON).until(() -> kinds("twilio", sid).contains("stream.left-silent"));
        assertThat(customer.media).hasSize(1);
        assertThat(post(call(sid), "Url", customer.url("/voice/2")).statusCode())
                .isEqualTo(200);
        stream(2);
        assertThat(status(sid)).isEqualTo("in-progress");
    }

    @Test
    void aStreamThatCannotConnectFallsThrough() throws Exception {
        customer.twiml = callback -> "<Response><Connect><Stream url=\"ws://127.0.0.1:1/media\"/></Connect>"
                + "<Connect><Stream url=\"ws://example.com/media\"/></Connect>"
                + "<Connect><Stream url=\"" + customer.url("/nowhere").replace("http", "ws") + "\"/></Connect>"
                + "<Connect><Stream url=\"" + customer.mediaUrl(1) + "?token=1\"/></Connect>"
                + "<Connect><Stream url=\"" + customer.mediaUrl(1) + "\"/></Connect></Response>";
        String sid = dial();
        stream(1);
        assertThat(details("twilio", sid, "stream.failed"))
                .extracting(detail -> detail.get("code").asInt())
                .containsExactly(31902, 31922, 31920, 12200);
    }

    @Test
    void malformedMessagesAreReportedOnceAndIgnored() throws Exception {
        customer.twiml = callback -> twoStreams();
        String sid = dial();
        FakeCustomer.Media media = stream(1);
        media.send("{");
        media.send("{\"event\":\"media\",\"streamSid\":\"MZother\",\"media\":{\"payload\":\"\"}}");
        media.send("{\"event\":\"dance\",\"streamSid\":\"" + media.streamSid() + "\"}");
        media.mark("still here");
        await().atMost(SOON).until(() -> media.marks().contains("still here"));
        assertThat(details("twilio", sid, "stream.warning"))
                .extracting(detail -> detail.get("code").asInt())
                .containsExactly(31950, 31924);
    }

    @Test
    void theReplyOfADialCanBeLostThoughThePhoneRings() throws Exception {
        control("POST", "/faults", "{\"vendor\":\"twilio\",\"operation\":\"createCall\",\"kind\":\"DROP_REPLY\"}");
        customer.twiml = callback -> twoStreams();
        assertThatThrownBy(() -> dial()).isInstanceOf(IOException.class);
        stream(1);
        assertThat(json(get(calls() + "?To=%2B14155550123")).get("calls")).hasSize(1);
        assertThat(control("GET", "/journal?vendor=phone&kind=phone.ringing", "")
                        .get("entries"))
                .hasSize(1);
    }

    @Test
    void callbacksCanComeBeforeTheReply() throws Exception {
        control(
                "POST",
                "/faults",
                "{\"vendor\":\"twilio\",\"operation\":\"createCall\",\"kind\":\"CALLBACKS_BEFORE_REPLY\"}");
        dial();
        assertThat(customer.statuses())
                .extracting(c -> c.form().get("CallStatus"))
                .contains("ringing");
        // Each callback is a request of its own: an earlier one may come later.
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(customer.statuses())
                        .extracting(c -> c.form().get("CallStatus"))
                        .contains("initiated"));
    }

    @Test
    void callbacksCanComeTwiceAndInDisorder() throws Exception {
        control(
                "POST",
                "/faults",
                "{\"vendor\":\"twilio\",\"operation\":\"callback\",\"kind\":\"REORDER_CALLBACKS\",\"count\":1}");
        control(
                "POST",
                "/faults",
                "{\"vendor\":\"twilio\",\"operation\":\"callback\",\"kind\":\"DUPLICATE_CALLBACKS\",\"count\":-1}");
        dial();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sequences())
                        .contains("0")
                        .filteredOn("1"::equals)
                        .hasSize(2));
        assertThat(sequences().indexOf("0")).isGreaterThan(sequences().indexOf("1"));
    }

    private List<String> sequences() {
        return customer.statuses().stream()
                .map(c -> c.form().get("SequenceNumber"))
                .toList();
    }

    @Test
    void theCustomersTimeLimitEndsTheCall() throws Exception {
        customer.twiml = callback -> twoStreams();
        String sid = dial("TimeLimit", "1");
        await().atMost(SOON).until(() -> status(sid).equals("completed"));
        assertThat(kinds("twilio", sid)).contains("call.time-limit");
        // Late on a slow machine, but not by much.
        assertThat(Integer.parseInt(json(get(call(sid))).get("duration").asString()))
                .isBetween(1, 10);
    }
}
