package ai.callmeback.vendors.mail;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.ScriptedHttp;
import ai.callmeback.vendors.ScriptedHttp.Asked;
import ai.callmeback.vendors.ScriptedHttp.Reply;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResendMailerTest {

    private static final Email EMAIL = new Email("ana@example.test", "Ready", "Your call is ready", "<p>Ready</p>");
    private static final Reply OK = Reply.of(200, "{\"id\":\"4ef9\"}");

    private record Sent(MailOutcome outcome, List<Asked> asked) {}

    private static Sent send(Reply... replies) {
        ArrayDeque<Reply> script = new ArrayDeque<>(List.of(replies));
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> script.size() > 1 ? script.poll() : script.peek())) {
            MailOutcome outcome = new ResendMailer(
                            new VendorSettings.Resend(Secret.of("re_key"), vendor.base("/resend"), "calls@cmb.test"))
                    .send(EMAIL, "call-ready/call-81")
                    .block();
            return new Sent(outcome, List.copyOf(vendor.asked));
        }
    }

    private static Reply error(int status, String name) {
        return Reply.of(status, "{\"statusCode\":" + status + ",\"name\":\"" + name + "\",\"message\":\"m\"}");
    }

    @Test
    void sendsUnderItsKey() {
        Sent sent = send(OK);
        assertThat(sent.outcome).isEqualTo(new MailOutcome.Accepted("4ef9"));
        Asked asked = sent.asked.getFirst();
        assertThat(asked.uri()).isEqualTo("/resend/emails");
        assertThat(asked.headers())
                .containsEntry("authorization", "Bearer re_key")
                .containsEntry("idempotency-key", "call-ready/call-81")
                .containsEntry("user-agent", "callmeback");
        assertThat(asked.body()).contains("\"to\":[\"ana@example.test\"]", "\"from\":\"calls@cmb.test\"");
        assertThat(EMAIL.toString()).doesNotContain("ana");
    }

    @Test
    void sendsAgainUnderTheSameKeyWhatMayPass() {
        Sent sent = send(
                error(429, "rate_limit_exceeded").with("retry-after", "0.05"),
                error(500, "application_error"),
                Reply.drop(),
                OK);
        assertThat(sent.outcome).isEqualTo(new MailOutcome.Accepted("4ef9"));
        assertThat(sent.asked)
                .hasSize(4)
                .allMatch(asked -> asked.headers().get("idempotency-key").equals("call-ready/call-81"));
    }

    @ParameterizedTest
    @CsvSource({
        "401,missing_api_key,UNAUTHORIZED",
        "403,invalid_api_key,UNAUTHORIZED",
        "403,validation_error,FORBIDDEN",
        "409,invalid_idempotent_request,CONFLICT",
        "422,validation_error,BAD_REQUEST"
    })
    void doesNotRepeatARefusal(int status, String name, Kind kind) {
        Sent sent = send(error(status, name));
        assertThat(sent.outcome)
                .isInstanceOfSatisfying(
                        MailOutcome.Refused.class,
                        refused -> assertThat(refused.fault().kind()).isEqualTo(kind));
        assertThat(sent.asked).hasSize(1);
    }

    @Test
    void leavesAUsedUpQuotaForAnotherDay() {
        Sent sent = send(error(429, "daily_quota_exceeded"));
        assertThat(sent.outcome).isInstanceOf(MailOutcome.Deferred.class);
        assertThat(sent.asked).hasSize(1);
    }

    @Test
    void waitsForTheSameKeyInFlight() {
        Sent sent = send(error(409, "concurrent_idempotent_requests"), OK);
        assertThat(sent.outcome).isEqualTo(new MailOutcome.Accepted("4ef9"));
        assertThat(sent.asked).hasSize(2);
    }

    @Test
    void refusesAKeyThatIsTooLong() {
        ResendMailer mailer = new ResendMailer(new VendorSettings.Resend(null, null, "calls@cmb.test"));
        assertThat(mailer.send(EMAIL, "k".repeat(257)).block()).isInstanceOf(MailOutcome.Refused.class);
    }
}
