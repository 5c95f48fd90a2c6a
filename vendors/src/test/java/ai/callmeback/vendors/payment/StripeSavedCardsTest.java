package ai.callmeback.vendors.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.vendors.ScriptedHttp;
import ai.callmeback.vendors.ScriptedHttp.Asked;
import ai.callmeback.vendors.ScriptedHttp.Reply;
import ai.callmeback.vendors.payment.PaymentState.Stage;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes over the wire when a saved card is charged, by Stripe's own library. */
class StripeSavedCardsTest {
    private static final CardPaymentRequest PAYMENT =
            new CardPaymentRequest("p1", "cus_1", "pm_1", 1_499, "25 minutes");

    private final List<Asked> asked = new ArrayList<>();

    private <T> T ask(Function<SavedCards, T> question, Reply... replies) {
        ArrayDeque<Reply> script = new ArrayDeque<>(List.of(replies));
        ScriptedHttp vendor = new ScriptedHttp(one -> script.size() > 1 ? script.poll() : script.peek());
        try (vendor) {
            return question.apply(new StripeSavedCards(
                    new VendorSettings.Stripe(Secret.of("sk_test_1"), null, "", vendor.base("/stripe"))));
        } finally {
            asked.addAll(vendor.asked);
        }
    }

    private static Reply error(int status, String code) {
        return Reply.of(status, "{\"error\":{\"type\":\"card_error\",\"code\":\"" + code + "\",\"message\":\"m\"}}");
    }

    private static Reply payment(String status, String more) {
        return Reply.of(
                200,
                "{\"id\":\"pi_1\",\"object\":\"payment_intent\",\"amount\":1499,\"currency\":\"usd\",\"livemode\":false,"
                        + "\"metadata\":{\"purchase_id\":\"p1\"},\"status\":\"" + status + "\"" + more + "}");
    }

    @Test
    void aPaymentIsPreparedWithoutBeingTaken() {
        assertThat(prepare(payment("requires_confirmation", ""))).isEqualTo(new PrepareOutcome.Prepared("pi_1"));
        assertThat(asked.getFirst().headers()).containsEntry("idempotency-key", "top-up:p1:pm_1");
        assertThat(asked.getFirst().body())
                .contains(
                        "amount=1499",
                        "currency=usd",
                        "customer=cus_1",
                        "payment_method=pm_1",
                        "metadata[purchase_id]=p1")
                .doesNotContain("confirm");
        assertThat(prepare(error(404, "resource_missing"))).isInstanceOf(PrepareOutcome.Refused.class);
        assertThat(prepare(error(401, "")))
                .as("a key of ours that is refused says nothing of the card")
                .isInstanceOf(PrepareOutcome.Unknown.class);
    }

    @Test
    void itIsConfirmedOffSessionUnderAKeyOfItsOwn() {
        confirm(payment("succeeded", ""));

        assertThat(asked.getFirst().uri()).isEqualTo("/stripe/v1/payment_intents/pi_1/confirm");
        assertThat(asked.getFirst().headers()).containsEntry("idempotency-key", "top-up-confirm:pi_1");
        assertThat(asked.getFirst().body()).contains("off_session=true");
    }

    @Test
    void aRefusalIsReadAndNoAnswerIsAnError() {
        assertThatCode(() -> confirm(error(402, "card_declined"))).doesNotThrowAnyException();
        assertThatCode(() -> confirm(error(400, "payment_intent_unexpected_state")))
                .doesNotThrowAnyException();
        assertThat(asked).as("neither is cancelled").noneMatch(one -> one.uri().contains("cancel"));
        assertThatThrownBy(() -> confirm(error(500, "api_error"))).isInstanceOf(PaymentVendorException.class);
        assertThatThrownBy(() -> confirm(error(409, "lock_timeout"))).isInstanceOf(PaymentVendorException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "requires_confirmation, OPEN, true, false,",
        "processing, PROCESSING, false, false,",
        "succeeded, PAID, false, true,",
        "requires_action, FAILED, false, false, authentication_required",
        "canceled, FAILED, false, true, payment_cancelled",
        "requires_payment_method, FAILED, false, false, payment_failed",
    })
    void aPaymentIsReadAsItStands(String status, Stage stage, boolean confirmable, boolean over, String failure) {
        CardPayment read = ask(cards -> cards.payment("pi_1").orElseThrow(), payment(status, ""));

        assertThat(read.state().stage()).isEqualTo(stage);
        assertThat(read.state().purchaseId()).isEqualTo("p1");
        assertThat(read.confirmable()).isEqualTo(confirmable);
        assertThat(read.over()).isEqualTo(over);
        assertThat(read.failure()).isEqualTo(failure);
    }

    @ParameterizedTest
    @CsvSource({
        "card_declined, insufficient_funds, card_declined",
        "card_declined, authentication_required, authentication_required",
        "expired_card, , expired_card",
    })
    void theReasonIsTheBanks(String code, String decline, String reason) {
        String more = ",\"last_payment_error\":{\"type\":\"card_error\",\"code\":\"" + code + "\""
                + (decline == null ? "" : ",\"decline_code\":\"" + decline + "\"") + "}";
        CardPayment read = ask(cards -> cards.payment("pi_1").orElseThrow(), payment("requires_payment_method", more));

        assertThat(read.failure()).isEqualTo(reason);
    }

    @Test
    void aSavedCardIsKnownByItsFaceOnly() {
        CardSetupState state = ask(
                cards -> cards.setup("cs_1").orElseThrow(),
                Reply.of(
                        200,
                        "{\"id\":\"cs_1\",\"object\":\"checkout.session\",\"mode\":\"setup\",\"status\":\"complete\","
                                + "\"customer\":\"cus_1\",\"metadata\":{\"card_setup_id\":\"s1\"},\"setup_intent\":{\"id\":"
                                + "\"seti_1\",\"object\":\"setup_intent\",\"status\":\"succeeded\",\"customer\":\"cus_1\","
                                + "\"payment_method\":{\"id\":\"pm_1\",\"object\":\"payment_method\",\"card\":{\"brand\":"
                                + "\"visa\",\"last4\":\"4242\",\"exp_month\":3,\"exp_year\":2031}}}}"));

        assertThat(state.setupId()).isEqualTo("s1");
        assertThat(state.card()).isEqualTo(new CardSetupState.SavedCard("cus_1", "pm_1", "visa", "4242", "03/2031"));
    }

    /** Read first: the vendor refuses to detach a card that is on nobody. */
    @Test
    void aCardIsDetachedOnce() {
        detach(method("\"cus_1\""), method("null"));
        assertThat(asked)
                .extracting(Asked::uri)
                .containsExactly("/stripe/v1/payment_methods/pm_1", "/stripe/v1/payment_methods/pm_1/detach");
        asked.clear();
        detach(method("null"));
        assertThat(asked).hasSize(1);
        assertThatCode(() -> detach(error(404, "resource_missing"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> detach(method("\"cus_1\""), error(500, "api_error")))
                .isInstanceOf(PaymentVendorException.class);
        assertThatThrownBy(() -> detach(error(401, ""))).isInstanceOf(PaymentVendorException.class);
    }

    private static Reply method(String customer) {
        return Reply.of(200, "{\"id\":\"pm_1\",\"object\":\"payment_method\",\"customer\":" + customer + "}");
    }

    private void detach(Reply... replies) {
        ask(
                cards -> {
                    cards.detach("pm_1");
                    return "";
                },
                replies);
    }

    private PrepareOutcome prepare(Reply reply) {
        return ask(cards -> cards.prepare(PAYMENT), reply);
    }

    private void confirm(Reply reply) {
        ask(
                cards -> {
                    cards.confirm("pi_1");
                    return "";
                },
                reply);
    }
}
