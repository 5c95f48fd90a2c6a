package ai.callmeback.vendors.wire;

import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.settings.VendorSettings;
import com.stripe.StripeClient;

/** Stripe's own client with our address, deadlines and retries. */
public final class StripeClients {
    private StripeClients() {}

    public static StripeClient of(VendorSettings.Stripe settings) {
        VendorPolicy policy = VendorPolicy.STRIPE;
        String base = settings.apiBase().toString();
        return StripeClient.builder()
                .setApiKey(settings.secretKey().isSet() ? settings.secretKey().reveal() : "sk_not_set")
                .setApiBase(base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
                .setConnectTimeout(Math.toIntExact(policy.connect().toMillis()))
                .setReadTimeout(Math.toIntExact(policy.deadline().toMillis()))
                .setMaxNetworkRetries(policy.attempts() - 1)
                .build();
    }
}
