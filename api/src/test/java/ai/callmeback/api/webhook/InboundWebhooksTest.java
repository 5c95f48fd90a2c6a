package ai.callmeback.api.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import ai.callmeback.db.call.VoiceWorker;
import ai.callmeback.db.call.VoiceWorkers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Calls that come in, signed; nothing answers at Temporal's address. */
class InboundWebhooksTest extends ApiTest {
    private static final String PATH = "/webhooks/twilio/inbound";
    private static final String SARAH = "+15005550007";
    private static final AtomicInteger NUMBERS = new AtomicInteger(3_000);

    @Autowired
    private VoiceWorkers workers;

    @BeforeEach
    void aWorkerLives() {
        DB.execute("delete from voice_workers");
        workers.register(new VoiceWorker("w1", "ws://127.0.0.1:9001/w1", "voice-w1", 10, 0))
                .block();
    }

    @Test
    void aKnownCallerIsConnectedAtOnceOnceAndSeesTheCall() {
        String number = number();
        Person person = caller(number);
        String sid = sid();

        String twiml = rings(sid, number, SARAH);
        assertThat(twiml).contains("<Connect><Stream url=\"ws://127.0.0.1:9001/w1\">", "?leg=2</Redirect>");
        assertThat(rings(sid, number, SARAH)).contains("<Connect>");

        JsonNode calls = get(person, "/api/calls").at("/calls");
        assertThat(calls).hasSize(1);
        assertThat(calls.get(0).at("/direction").asString()).isEqualTo("inbound");
        assertThat(calls.get(0).at("/personaId").asString()).isEqualTo("sarah_001");
        assertThat(calls.get(0).at("/phoneNumber").asString()).isEqualTo(SARAH);
        assertThat(calls.get(0).at("/status").asString()).isEqualTo("ringing");
        String call = calls.get(0).at("/id").asString();

        Map<String, String> status =
                Map.of("CallSid", sid, "CallStatus", "completed", "CallDuration", "61", "SequenceNumber", "0");
        SignedRequests.post(web, PATH + "/status", status).expectStatus().isNoContent();
        SignedRequests.post(web, PATH + "/status", status).expectStatus().isNoContent();
        assertThat(DB.query("select dedupe_key from webhook_inbox where call_id = '" + call + "' order by id"))
                .extracting(row -> row.get("dedupe_key"))
                .containsExactly("answer:" + sid, "status:" + sid + ":0:completed");
    }

    @Test
    void anUnknownCallerHasOneFreeCallAndThenHearsWhy() {
        String number = number();
        assertThat(rings(sid(), number, SARAH)).contains("<Connect>");
        String sid = sid();
        assertThat(rings(sid, number, SARAH))
                .contains("<Say>You have had your free call.", "</Say><Hangup/>")
                .doesNotContain("<Connect>");
        assertThat(outcome(sid)).isEqualTo("free_call_used");
        SignedRequests.post(web, PATH + "/status", Map.of("CallSid", sid, "CallStatus", "completed"))
                .expectStatus()
                .isNoContent();
    }

    @Test
    void whoHidesTheNumberForgesItOrRingsNobodyHearsWhy() {
        for (String hidden : List.of("anonymous", "Restricted", "+266696687", "+7378742833")) {
            String sid = sid();
            assertThat(rings(sid, hidden, SARAH)).contains("show your number");
            assertThat(outcome(sid)).isEqualTo("number_withheld");
        }
        String forged = sid();
        Person person = caller(number());
        assertThat(SignedRequests.body(SignedRequests.post(
                        web,
                        PATH,
                        Map.of(
                                "CallSid",
                                forged,
                                "From",
                                number(),
                                "To",
                                SARAH,
                                "StirVerstat",
                                "TN-Validation-Failed-C"))))
                .contains("show your number");
        String nobody = sid();
        assertThat(rings(nobody, number(), "+15005550001")).contains("Nobody answers at this number");
        assertThat(outcome(nobody)).isEqualTo("number_not_assigned");
        assertThat(get(person, "/api/calls").at("/calls")).isEmpty();
    }

    /** Guard: {@code SignedForm}. */
    @Test
    void aForgedWebhookOpensNothing() {
        String sid = sid();
        Map<String, String> form = Map.of("CallSid", sid, "From", number(), "To", SARAH);
        SignedRequests.send(web, PATH, form, null).expectStatus().isForbidden();
        SignedRequests.send(web, PATH, form, SignedRequests.signature("https://elsewhere.test" + PATH, form))
                .expectStatus()
                .isForbidden();
        SignedRequests.send(web, PATH + "/status", form, "nonsense")
                .expectStatus()
                .isForbidden();
        assertThat(DB.query("select 1 from inbound_calls where call_sid = '" + sid + "'"))
                .isEmpty();
    }

    @Test
    void withoutAVoiceWorkerTheCallerIsKeptOnTheLine() {
        DB.execute("delete from voice_workers");
        assertThat(rings(sid(), number(), SARAH)).contains("<Pause length=\"1\"/>", "?leg=2</Redirect>");
    }

    @Test
    void operatorsSeeHashesBlockACallerByItsCallOrNumberAndLetItInAgain() {
        String number = number();
        String sid = sid();
        rings(sid, number, SARAH);
        Person operator = newPerson();
        web.get()
                .uri("/api/operator/inbound-calls")
                .header("Authorization", operator.bearer())
                .exchange()
                .expectStatus()
                .isForbidden();
        DB.execute("update users set role = 'operator' where id = '" + operator.id() + "'");

        JsonNode seen = get(operator, "/api/operator/inbound-calls?limit=200");
        assertThat(seen.toString()).contains(sid).doesNotContain(number.substring(1));
        assertThat(seen.at("/freeCallsPerDay").asInt()).isEqualTo(1000);

        JsonNode blocked = send(operator, Map.of("callSid", sid, "reason", "rude"));
        assertThat(send(operator, Map.of("phoneNumber", number)).at("/id")).isEqualTo(blocked.at("/id"));
        assertThat(rings(sid(), number, SARAH)).contains("cannot take calls from this number");
        web.delete()
                .uri("/api/operator/blocked-callers/" + blocked.at("/id").asString())
                .header("Authorization", operator.bearer())
                .exchange()
                .expectStatus()
                .isNoContent();
        assertThat(get(operator, "/api/operator/blocked-callers").toString())
                .doesNotContain(blocked.at("/id").asString());
        web.post()
                .uri("/api/operator/blocked-callers")
                .header("Authorization", operator.bearer())
                .bodyValue(Map.of("callSid", "CA\0"))
                .exchange()
                .expectStatus()
                .isNotFound();
        web.post()
                .uri("/api/operator/blocked-callers")
                .header("Authorization", operator.bearer())
                .bodyValue(Map.of("reason", "nobody named"))
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("field_required");
    }

    private JsonNode send(Person operator, Map<String, String> body) {
        return web.post()
                .uri("/api/operator/blocked-callers")
                .header("Authorization", operator.bearer())
                .bodyValue(body)
                .exchange()
                .expectStatus()
                .isCreated()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody();
    }

    private JsonNode get(Person person, String path) {
        return web.get()
                .uri(path)
                .header("Authorization", person.bearer())
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody();
    }

    private String rings(String sid, String from, String to) {
        return SignedRequests.body(SignedRequests.post(
                web, PATH, Map.of("CallSid", sid, "From", from, "To", to, "CallStatus", "ringing")));
    }

    private Person caller(String number) {
        Person person = newPerson();
        DB.execute("update users set phone_e164 = '" + number + "' where id = '" + person.id() + "'");
        return person;
    }

    private Object outcome(String sid) {
        return DB.query("select outcome from inbound_calls where call_sid = '" + sid + "'")
                .getFirst()
                .get("outcome");
    }

    private static String number() {
        return "+1415555" + NUMBERS.incrementAndGet();
    }

    private static String sid() {
        return "CA" + UUID.randomUUID().toString().replace("-", "");
    }
}
