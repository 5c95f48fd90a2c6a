package ai.callmeback.vendors.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.vendors.ScriptedHttp;
import ai.callmeback.vendors.ScriptedHttp.Reply;
import ai.callmeback.vendors.billing.BillsException;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.stt.SttOptions;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Price lists as the vendors write them, from one small host. */
class VendorPriceListsTest {
    private final Map<String, Reply> answers = new HashMap<>();
    private final ScriptedHttp host =
            new ScriptedHttp(asked -> answers.getOrDefault(asked.uri(), Reply.of(404, "no such page")));
    private final VendorPriceLists lists = new VendorPriceLists(new VendorSettings(
            new VendorSettings.Twilio("AC1", Secret.of("token"), "+15005550006", host.base("/twilio")),
            new VendorSettings.Deepgram(Secret.of("dg"), host.base("/deepgram"), SttOptions.Engine.FLUX),
            new VendorSettings.Llm(
                    Secret.of("llm"),
                    null,
                    host.base("/llm/v1"),
                    "gpt-oss-120b",
                    "gone-7b",
                    "max_completion_tokens",
                    ""),
            VendorSettings.ElevenLabs.at(Secret.of("xi"), host.base("/elevenlabs")),
            new VendorSettings.Resend(Secret.of("re"), host.base("/resend"), ""),
            new VendorSettings.Stripe(null, null, "", host.base("/stripe"))));

    @AfterEach
    void close() {
        lists.close();
        host.close();
    }

    @Test
    void twilioStatesTheWholeCountrysPriceAndThatOfLocalNumbers() {
        answers.put("/twilio/v2/Voice/Countries/US", Reply.of(200, """
                {"country":"United States","iso_country":"US","price_unit":"USD",
                 "inbound_call_prices":[{"base_price":"0.0220","current_price":"0.0220","number_type":"toll free"},
                   {"base_price":"0.0085","current_price":"0.0080","number_type":"local"}],
                 "outbound_prefix_prices":[
                   {"destination_prefixes":["1907"],"base_price":"0.0900","current_price":"0.0900"},
                   {"destination_prefixes":["1"],"base_price":"0.0140","current_price":"0.0130"}]}"""));

        assertThat(lists.telephony())
                .containsExactly(
                        new StatedPrice("twilio", "voice", "", "minute", new BigDecimal("0.0130")),
                        new StatedPrice("twilio", "voice", "inbound", "minute", new BigDecimal("0.0080")));
        assertThat(host.asked.getFirst().headers().get("authorization")).startsWith("Basic ");
    }

    @Test
    void anotherCurrencyIsNoPrice() {
        answers.put("/twilio/v2/Voice/Countries/US", Reply.of(200, "{\"price_unit\":\"EUR\"}"));

        assertThatThrownBy(lists::telephony).isInstanceOf(BillsException.class).hasMessageContaining("not in dollars");
    }

    @Test
    void modelsAreListedWithPricesWhereTheHostGivesThem() {
        answers.put("/llm/v1/models", Reply.of(200, """
                {"object":"list","data":[{"id":"gpt-oss-120b","pricing":{"prompt":"0.00000035","completion":"0.00000075"}},
                 {"id":"gemma-4-31b"},{"id":"odd","pricing":{"prompt":"-1","completion":"soon"}}]}"""));

        assertThat(lists.models())
                .isEqualTo(new ModelList(
                        List.of(
                                new StatedPrice("llm", "prompt", "gpt-oss-120b", "token", new BigDecimal("3.5E-7")),
                                new StatedPrice(
                                        "llm", "completion", "gpt-oss-120b", "token", new BigDecimal("7.5E-7"))),
                        List.of("gone-7b")));
        assertThat(host.asked.getFirst().headers()).containsEntry("authorization", "Bearer llm");
    }

    @Test
    void voicesTakeCreditsByTheirModel() {
        answers.put("/elevenlabs/v1/models", Reply.of(200, """
                [{"model_id":"eleven_flash_v2_5","model_rates":{"character_cost_multiplier":0.5}},
                 {"model_id":"eleven_v3","model_rates":{"character_cost_multiplier":1,"cost_discount_multiplier":0.8}},
                 {"model_id":"unrated"}]"""));

        assertThat(lists.voiceMultipliers())
                .isEqualTo(Map.of("eleven_flash_v2_5", new BigDecimal("0.5"), "eleven_v3", new BigDecimal("0.8")));
    }

    @Test
    void aPageIsTheSameAsLongAsItsAmountsAre() {
        String html =
                "<html><head><title>$1</title></head><script>x='$%s'</script><p class=\"%s\">Nova-3 <b>$%s</b>/min</p>";
        answers.put("/deepgram/pricing", Reply.of(200, html.formatted("7", "a", "0.0048")));
        PricePage first = page();
        answers.put("/deepgram/pricing", Reply.of(200, html.formatted("8", "b", "0.0048") + "<p>New: agents</p>"));
        assertThat(page()).isEqualTo(first);

        answers.put("/deepgram/pricing", Reply.of(200, html.formatted("8", "b", "0.0058")));
        assertThat(page()).isNotEqualTo(first);
        assertThat(host.asked.getFirst().headers()).doesNotContainKey("authorization");
    }

    @Test
    void aVendorWithoutAPageHasNone() {
        assertThat(lists.page(PriceLists.Page.LLM)).isEmpty();
    }

    @Test
    void whatCannotBeReadIsSaidSo() {
        answers.put("/deepgram/pricing", Reply.of(500, "oops"));
        answers.put("/llm/v1/models", Reply.of(200, "<html>"));
        answers.put("/elevenlabs/v1/models", Reply.drop());

        assertThatThrownBy(() -> lists.page(PriceLists.Page.DEEPGRAM)).isInstanceOf(BillsException.class);
        assertThatThrownBy(lists::models).isInstanceOf(BillsException.class);
        assertThatThrownBy(lists::voiceMultipliers).isInstanceOf(BillsException.class);
    }

    private PricePage page() {
        return lists.page(PriceLists.Page.DEEPGRAM).orElseThrow();
    }
}
