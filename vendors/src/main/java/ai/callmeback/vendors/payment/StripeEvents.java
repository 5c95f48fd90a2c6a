package ai.callmeback.vendors.payment;

import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a webhook of Stripe from its raw bytes, if Stripe signed it within the last five minutes. What an event says is
 * only a reason to ask Stripe: nothing of its object is kept but ids.
 */
public final class StripeEvents {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Secret secret;
    private final boolean live;
    private final Clock clock;

    public StripeEvents(VendorSettings.Stripe settings, Clock clock) {
        this.secret = settings.webhookSecret();
        this.live = settings.live();
        this.clock = clock;
    }

    /**
     * @param objectId of the checkout session, refund, dispute…
     * @param purchaseId what the object names as ours, if it does
     * @param subscriptionId the subscription of ours that the object is, or belongs to, if it says so
     * @param cardSetupId the saving of a card that the object is, if it says so
     * @param ours whether it is of the environment (live or test) that our key is of
     */
    public record Event(
            String id,
            String type,
            String objectId,
            @Nullable String purchaseId,
            @Nullable String subscriptionId,
            @Nullable String cardSetupId,
            boolean ours) {}

    /** Empty when the signature is missing, wrong or stale, or the body is no event. */
    public Optional<Event> verified(byte[] body, @Nullable String signature) {
        if (signature == null || !secret.isSet()) {
            return Optional.empty();
        }
        String text = new String(body, StandardCharsets.UTF_8);
        try {
            Webhook.Signature.verifyHeader(text, signature, secret.reveal(), Webhook.DEFAULT_TOLERANCE, clock);
            return event(JSON.readTree(text));
        } catch (SignatureVerificationException | JacksonException e) {
            return Optional.empty();
        }
    }

    private Optional<Event> event(JsonNode json) {
        JsonNode object = json.path("data").path("object");
        String id = json.path("id").asString("");
        String type = json.path("type").asString("");
        String objectId = object.path("id").asString("");
        if (id.isEmpty() || type.isEmpty() || objectId.isEmpty()) {
            return Optional.empty();
        }
        String setup = object.path("metadata").path("card_setup_id").asString("");
        String purchase = object.path("metadata").path("purchase_id").asString("");
        JsonNode invoiced = object.path("parent").path("subscription_details").path("metadata");
        String subscription = object.path("metadata")
                .path("subscription_id")
                .asString(invoiced.path("subscription_id").asString(""));
        return Optional.of(new Event(
                id,
                type,
                objectId,
                purchase.isEmpty() ? null : purchase,
                subscription.isEmpty() ? null : subscription,
                setup.isEmpty() ? null : setup,
                json.path("livemode").asBoolean(false) == live));
    }
}
