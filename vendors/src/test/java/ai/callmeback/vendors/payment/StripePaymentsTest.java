package ai.callmeback.vendors.payment;

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

/** What goes over the wire when money is given back, by Stripe's own library. */
class StripePaymentsTest {
    private static final RefundRequest REQUEST = new RefundRequest("o1", "pi_1", 500);
    private static final Reply NONE = refunds("");
    private static final Reply DONE = Reply.of(200, "{\"id\":\"re_1\",\"object\":\"refund\"}");

    private record Refunded(RefundOutcome outcome, List<Asked> asked) {}

    private static Reply refunds(String data) {
        return Reply.of(
                200, "{\"object\":\"list\",\"data\":[" + data + "],\"has_more\":false,\"url\":\"/v1/refunds\"}");
    }

    private static Reply error(int status, String code) {
        return Reply.of(
                status, "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"" + code + "\",\"message\":\"m\"}}");
    }

    private static Refunded refund(Reply... replies) {
        ArrayDeque<Reply> script = new ArrayDeque<>(List.of(replies));
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> script.size() > 1 ? script.poll() : script.peek())) {
            RefundOutcome outcome = new StripePayments(
                            new VendorSettings.Stripe(Secret.of("sk_test_1"), null, "", vendor.base("/stripe")))
                    .issueRefund(REQUEST);
            return new Refunded(outcome, List.copyOf(vendor.asked));
        }
    }

    @Test
    void refundsUnderTheKeyOfTheOrder() {
        Refunded refunded = refund(NONE, DONE);

        assertThat(refunded.outcome).isEqualTo(new RefundOutcome.Issued("re_1"));
        assertThat(refunded.asked.getFirst().uri())
                .startsWith("/stripe/v1/refunds?")
                .contains("payment_intent=pi_1");
        Asked asked = refunded.asked.getLast();
        assertThat(asked.headers()).containsEntry("idempotency-key", "refund:o1");
        assertThat(asked.body()).contains("payment_intent=pi_1", "amount=500", "metadata[refund_order]=o1");
    }

    @Test
    void findsARefundWhoseKeyStripeHasForgotten() {
        Refunded refunded = refund(refunds("{\"id\":\"re_0\",\"object\":\"refund\",\"metadata\":{}},"
                + "{\"id\":\"re_9\",\"object\":\"refund\",\"metadata\":{\"refund_order\":\"o1\"}}"));

        assertThat(refunded.outcome).isEqualTo(new RefundOutcome.Issued("re_9"));
        assertThat(refunded.asked).as("nothing is posted").hasSize(1);
    }

    @Test
    void tellsARefusalFromWhatMayPass() {
        assertThat(refund(NONE, error(400, "charge_already_refunded")).outcome)
                .isInstanceOfSatisfying(
                        RefundOutcome.Refused.class,
                        refused -> assertThat(refused.fault().kind()).isEqualTo(Kind.BAD_REQUEST));
        assertThat(refund(NONE, error(409, "lock_timeout")).outcome).isInstanceOf(RefundOutcome.Unknown.class);
        assertThat(refund(error(429, "rate_limit")).outcome).isInstanceOf(RefundOutcome.Unknown.class);
    }
}
