package ai.callmeback.api.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.MediaOwners;
import ai.callmeback.db.call.NewCall;
import ai.callmeback.db.call.StreamTokens;
import ai.callmeback.db.call.VoiceWorker;
import ai.callmeback.db.call.VoiceWorkers;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallbackPolicy;
import ai.callmeback.domain.call.PlannedDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** Webhooks signed as Twilio's documents say, computed here anew; nothing answers at Temporal's address. */
class TwilioWebhooksTest extends ApiTest {
    private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");

    @Autowired
    private CallStore calls;

    @Autowired
    private VoiceWorkers workers;

    @Autowired
    private MediaOwners media;

    private CallId call;
    private String sid;

    @BeforeEach
    void dialledCall() {
        DB.execute("delete from voice_workers");
        Person person = newPerson();
        call = new CallId(UUID.randomUUID());
        sid = "CA" + UUID.randomUUID().toString().replace("-", "");
        Instant now = Instant.now();
        calls.accept(new NewCall(
                        call,
                        UserId.parse(person.id()),
                        null,
                        PersonaId.parse("brad_001"),
                        "",
                        new E164("+1415" + (2_000_000 + Math.abs(call.hashCode() % 7_000_000))),
                        PlannedDuration.ofMinutes(5).orElseThrow(),
                        NewCall.When.now(now),
                        CallbackPolicy.DEFAULT,
                        now))
                .block();
        DB.execute("update calls set status = 'RINGING', attempt = 1 where id = '" + call + "'");
        DB.execute("insert into dial_intents (call_id, attempt, number, state, begun_at, updated_at)"
                + " select id, 1, phone_e164, 'BEGUN', now(), now() from calls where id = '" + call + "'");
    }

    @Test
    void signedCallbackIsStoredOnceAndWithoutNumbers() {
        Map<String, String> form = Map.of(
                "CallSid",
                sid,
                "CallStatus",
                "ringing",
                "SequenceNumber",
                "1",
                "To",
                "+14155550123",
                "From",
                "+15005550006");

        post("/webhooks/twilio/status/" + call + "/1", form).expectStatus().isNoContent();
        post("/webhooks/twilio/status/" + call + "/1", form).expectStatus().isNoContent();

        assertThat(inbox()).singleElement().satisfies(row -> {
            assertThat(row.get("kind")).isEqualTo("status");
            assertThat(row.get("payload").toString()).contains("ringing").doesNotContain("4155550123", "5005550006");
        });
    }

    @Test
    void forgedCallbackIsRefusedAndNothingIsStored() {
        String path = "/webhooks/twilio/status/" + call + "/1";
        Map<String, String> form = Map.of("CallSid", sid, "CallStatus", "completed");

        send(path, form, null)
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("signature_invalid");
        send(path, form, SignedRequests.signature("https://elsewhere.test" + path, form))
                .expectStatus()
                .isForbidden();
        send(path, form, SignedRequests.signature(PUBLIC_URL + path, Map.of("CallSid", sid, "CallStatus", "busy")))
                .expectStatus()
                .isForbidden();
        send("/webhooks/twilio/voice/" + call + "/1", form, "nonsense")
                .expectStatus()
                .isForbidden();

        assertThat(inbox()).isEmpty();
        assertThat(DB.query("select 1 from stream_tokens where call_id = '" + call + "'"))
                .isEmpty();
    }

    @Test
    void answerConnectsToEveryLiveWorkerInTurnThenAsksAgain() {
        worker("w1");
        worker("w2");

        String twiml = SignedRequests.body(post("/webhooks/twilio/voice/" + call + "/1", Map.of("CallSid", sid)));

        assertThat(twiml)
                .contains(
                        "<Connect><Stream url=\"ws://127.0.0.1:9001/w1\">",
                        "<Connect><Stream url=\"ws://127.0.0.1:9001/w2\">")
                .contains("<Redirect method=\"POST\">" + PUBLIC_URL + "/webhooks/twilio/voice/" + call
                        + "/1?leg=2</Redirect>")
                .doesNotContain("action=");
        assertThat(inbox())
                .singleElement()
                .satisfies(row -> assertThat(row.get("payload").toString()).contains("in-progress"));
        var matcher = TOKEN.matcher(twiml);
        assertThat(matcher.find()).isTrue();
        DB.execute("insert into briefs (call_id, attempt, content, prepared_at) values ('" + call
                + "', 1, 'null', now())");
        assertThat(DB.query("select status from claim_media('\\x"
                        + java.util.HexFormat.of().formatHex(StreamTokens.hash(matcher.group(1)))
                        + "'::bytea, 'w1', 3000) as c(status, a, b, d, e, f, g, h, i)"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("status")).isEqualTo("CLAIMED"));
        assertThat(media.state(call).block(Duration.ofSeconds(5))).isNotNull();
    }

    @Test
    void askedAgainTheLaterTokensOutrankTheEarlier() {
        worker("w1");

        post("/webhooks/twilio/voice/" + call + "/1", Map.of("CallSid", sid))
                .expectStatus()
                .isOk();
        String again = SignedRequests.body(post("/webhooks/twilio/voice/" + call + "/1?leg=2", Map.of("CallSid", sid)));

        assertThat(again).contains("?leg=3");
        assertThat(DB.query("select ordinal from stream_tokens where call_id = '" + call + "' order by ordinal"))
                .extracting(row -> row.get("ordinal"))
                .containsExactly(1, 2);
        assertThat(inbox()).hasSize(1);
    }

    @Test
    void withoutWorkersThePersonIsKeptOnTheLine() {
        String twiml = SignedRequests.body(post("/webhooks/twilio/voice/" + call + "/1", Map.of("CallSid", sid)));

        assertThat(twiml).contains("<Pause length=\"1\"/>", "?leg=2</Redirect>");
        assertThat(SignedRequests.body(post("/webhooks/twilio/voice/" + call + "/1?leg=61", Map.of("CallSid", sid))))
                .contains("<Hangup/>");
    }

    @Test
    void lateAbandonedForeignAndUnknownAttemptsAreHungUp() {
        worker("w1");
        String path = "/webhooks/twilio/voice/" + call + "/1";

        DB.execute("update dial_intents set state = 'ABANDONED' where call_id = '" + call + "'");
        assertThat(SignedRequests.body(post(path, Map.of("CallSid", sid)))).contains("<Hangup/>");
        DB.execute("update dial_intents set state = 'ACCEPTED', call_sid = 'CAother" + call + "' where call_id = '"
                + call + "'");
        assertThat(SignedRequests.body(post(path, Map.of("CallSid", sid)))).contains("<Hangup/>");
        DB.execute("update dial_intents set call_sid = null where call_id = '" + call + "'");
        DB.execute("update calls set attempt = 2 where id = '" + call + "'");
        assertThat(SignedRequests.body(post(path, Map.of("CallSid", sid)))).contains("<Hangup/>");
        assertThat(SignedRequests.body(
                        post("/webhooks/twilio/voice/" + UUID.randomUUID() + "/1", Map.of("CallSid", sid))))
                .contains("<Hangup/>");
        assertThat(DB.query("select 1 from stream_tokens where call_id = '" + call + "'"))
                .isEmpty();
    }

    private void worker(String name) {
        workers.register(new VoiceWorker(name, "ws://127.0.0.1:9001/" + name, "voice-" + name, 10, 0))
                .block();
    }

    private java.util.List<Map<String, Object>> inbox() {
        return DB.query("select kind, payload::text as payload from webhook_inbox where call_id = '" + call + "'");
    }

    private ResponseSpec post(String path, Map<String, String> form) {
        return send(path, form, SignedRequests.signature(PUBLIC_URL + path, form));
    }

    private ResponseSpec send(String path, Map<String, String> form, String signature) {
        return SignedRequests.send(web, path, form, signature);
    }
}
