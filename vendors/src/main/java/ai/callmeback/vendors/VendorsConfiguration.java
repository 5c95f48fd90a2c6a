package ai.callmeback.vendors;

import ai.callmeback.vendors.billing.PaymentBills;
import ai.callmeback.vendors.billing.SpeechBills;
import ai.callmeback.vendors.billing.StripeBills;
import ai.callmeback.vendors.billing.TelephonyBills;
import ai.callmeback.vendors.billing.VendorSpeechBills;
import ai.callmeback.vendors.llm.LanguageModel;
import ai.callmeback.vendors.llm.OpenAiLanguageModel;
import ai.callmeback.vendors.mail.Mailer;
import ai.callmeback.vendors.mail.ResendMailer;
import ai.callmeback.vendors.payment.Payments;
import ai.callmeback.vendors.payment.SavedCards;
import ai.callmeback.vendors.payment.StripeEvents;
import ai.callmeback.vendors.payment.StripePayments;
import ai.callmeback.vendors.payment.StripeSavedCards;
import ai.callmeback.vendors.payment.StripeSubscriptions;
import ai.callmeback.vendors.payment.SubscriptionPayments;
import ai.callmeback.vendors.pricing.PriceLists;
import ai.callmeback.vendors.pricing.VendorPriceLists;
import ai.callmeback.vendors.settings.SettingsConfiguration;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.stt.DeepgramSpeechToText;
import ai.callmeback.vendors.stt.SpeechToText;
import ai.callmeback.vendors.telephony.Telephony;
import ai.callmeback.vendors.telephony.TwilioBills;
import ai.callmeback.vendors.telephony.TwilioSignature;
import ai.callmeback.vendors.telephony.TwilioTelephony;
import ai.callmeback.vendors.trace.MetricsConfiguration;
import ai.callmeback.vendors.trace.TraceConfiguration;
import ai.callmeback.vendors.tts.ElevenLabsTextToSpeech;
import ai.callmeback.vendors.tts.TextToSpeech;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import reactor.netty.resources.LoopResources;

/**
 * The ports, ready to inject; import it in an app. Each client is made when it is first asked for, so that an app pays
 * for those it uses and no more.
 */
@Configuration(proxyBeanMethods = false)
@Import({SettingsConfiguration.class, TraceConfiguration.class, MetricsConfiguration.class})
@Lazy
public class VendorsConfiguration {

    @Bean(destroyMethod = "close")
    Telephony telephony(VendorSettings settings) {
        return new TwilioTelephony(settings.twilio());
    }

    @Bean
    TwilioSignature twilioSignature(VendorSettings settings) {
        return new TwilioSignature(settings.twilio().authToken());
    }

    @Bean
    SpeechToText speechToText(VendorSettings settings) {
        return new DeepgramSpeechToText(settings.deepgram());
    }

    /** Loops of their own for whole answers: nothing outside a conversation may slow one down. */
    @Bean(destroyMethod = "dispose")
    LoopResources vendorLoops() {
        return LoopResources.create("vendors", 1, true);
    }

    @Bean
    LanguageModel languageModel(VendorSettings settings, @Qualifier("vendorLoops") @Lazy LoopResources vendorLoops) {
        return new OpenAiLanguageModel(settings.llm(), () -> vendorLoops.onClient(true));
    }

    @Bean
    TextToSpeech textToSpeech(VendorSettings settings) {
        return new ElevenLabsTextToSpeech(settings.elevenlabs());
    }

    @Bean
    Payments payments(VendorSettings settings) {
        return new StripePayments(settings.stripe());
    }

    @Bean
    SubscriptionPayments subscriptionPayments(VendorSettings settings) {
        return new StripeSubscriptions(settings.stripe());
    }

    @Bean
    SavedCards savedCards(VendorSettings settings) {
        return new StripeSavedCards(settings.stripe());
    }

    @Bean
    PaymentBills paymentBills(VendorSettings settings) {
        return new StripeBills(settings.stripe());
    }

    @Bean
    TelephonyBills telephonyBills(VendorSettings settings) {
        return new TwilioBills(settings.twilio());
    }

    @Bean(destroyMethod = "close")
    SpeechBills speechBills(VendorSettings settings) {
        return new VendorSpeechBills(settings.deepgram(), settings.elevenlabs());
    }

    @Bean(destroyMethod = "close")
    PriceLists priceLists(VendorSettings settings) {
        return new VendorPriceLists(settings);
    }

    @Bean
    StripeEvents stripeEvents(VendorSettings settings) {
        return new StripeEvents(settings.stripe(), Clock.systemUTC());
    }

    @Bean
    Mailer mailer(VendorSettings settings) {
        return new ResendMailer(settings.resend());
    }
}
