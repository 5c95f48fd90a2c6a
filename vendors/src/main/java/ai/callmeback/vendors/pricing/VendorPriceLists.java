package ai.callmeback.vendors.pricing;

import ai.callmeback.vendors.billing.BillsException;
import ai.callmeback.vendors.billing.ListClient;
import ai.callmeback.vendors.settings.Urls;
import ai.callmeback.vendors.settings.VendorSettings;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The vendors' own lists, one plain request each.
 *
 * <p>Twilio: {@code pricing.twilio.com/v2/Voice/Countries/US}, account-specific; numbers are strings. Language models:
 * {@code /models} with {@code pricing.prompt} and {@code pricing.completion} in dollars a token where a host gives them, as
 * OpenRouter does (Cerebras does not). ElevenLabs: {@code /v1/models} with {@code model_rates.character_cost_multiplier},
 * times {@code cost_discount_multiplier} where there is one.
 */
public final class VendorPriceLists implements PriceLists, AutoCloseable {
    /** The country most calls go to; what others cost more or less, the reconciliation corrects. */
    private static final String COUNTRY = "US";

    private static final String WHOLE_COUNTRY = "1";
    private static final URI TWILIO_PRICES = URI.create("https://pricing.twilio.com");
    private static final int NOT_FOUND = 404;

    private final VendorSettings settings;
    private final ListClient lists = new ListClient();

    public VendorPriceLists(VendorSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<StatedPrice> telephony() {
        VendorSettings.Twilio twilio = settings.twilio();
        String login = twilio.accountSid() + ":" + twilio.authToken().reveal();
        String basic = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
        // The prices have a host of their own; a base that was set stands for all hosts of the vendor.
        URI base = "api.twilio.com".equals(twilio.apiBase().getHost()) ? TWILIO_PRICES : twilio.apiBase();
        JsonNode country =
                json("twilio", Urls.append(base, "/v2/Voice/Countries/" + COUNTRY), "Authorization", "Basic " + basic);
        if (!country.path("price_unit").asString("").equalsIgnoreCase("USD")) {
            throw new BillsException("twilio prices: not in dollars", null);
        }
        List<StatedPrice> prices = new ArrayList<>();
        for (JsonNode prefix : country.path("outbound_prefix_prices")) {
            if (prefix.path("destination_prefixes")
                    .valueStream()
                    .anyMatch(one -> WHOLE_COUNTRY.equals(one.asString("")))) {
                add(prices, "twilio", "voice", "", "minute", prefix.path("current_price"));
                break;
            }
        }
        for (JsonNode inbound : country.path("inbound_call_prices")) {
            if (inbound.path("number_type").asString("").equals("local")) {
                add(prices, "twilio", "voice", "inbound", "minute", inbound.path("current_price"));
            }
        }
        return prices;
    }

    @Override
    public ModelList models() {
        JsonNode list = json(
                "llm",
                Urls.append(settings.llm().baseUrl(), "/models"),
                "Authorization",
                "Bearer " + settings.llm().apiKey().reveal());
        List<StatedPrice> prices = new ArrayList<>();
        List<String> missing = new ArrayList<>(settings.llm().models());
        for (JsonNode model : list.path("data")) {
            String id = model.path("id").asString("");
            missing.remove(id);
            add(prices, "llm", "prompt", id, "token", model.path("pricing").path("prompt"));
            add(prices, "llm", "completion", id, "token", model.path("pricing").path("completion"));
        }
        return new ModelList(prices, missing);
    }

    @Override
    public Map<String, BigDecimal> voiceMultipliers() {
        VendorSettings.ElevenLabs voices = settings.elevenlabs();
        JsonNode list = json(
                "elevenlabs",
                Urls.append(Urls.http(voices.url()), "/v1/models"),
                "xi-api-key",
                voices.apiKey().reveal());
        Map<String, BigDecimal> multipliers = new LinkedHashMap<>();
        for (JsonNode model : list) {
            JsonNode rates = model.path("model_rates");
            BigDecimal multiplier = number(rates.path("character_cost_multiplier"));
            BigDecimal discount = number(rates.path("cost_discount_multiplier"));
            if (multiplier != null && multiplier.signum() > 0) {
                multipliers.put(
                        model.path("model_id").asString(""),
                        discount == null || discount.signum() <= 0 ? multiplier : multiplier.multiply(discount));
            }
        }
        return multipliers;
    }

    @Override
    public Optional<PricePage> page(Page vendor) {
        URI address = address(vendor);
        if (address == null) {
            return Optional.empty();
        }
        String name = vendor.name().toLowerCase(Locale.ROOT);
        ListClient.Page page = lists.page(name + " prices", address);
        if (page.status() == NOT_FOUND) {
            return Optional.empty();
        }
        return Optional.of(PricePage.of(address.toString(), ListClient.ok(name + " prices", page)));
    }

    /** The public page; under a base that was set, where a stand-in has it. Another host of language models has none. */
    private @Nullable URI address(Page vendor) {
        return switch (vendor) {
            case DEEPGRAM -> page(settings.deepgram().url(), "api.deepgram.com", "https://deepgram.com/pricing");
            case ELEVENLABS ->
                page(settings.elevenlabs().url(), "api.elevenlabs.io", "https://elevenlabs.io/pricing/api");
            case LLM -> page(settings.llm().baseUrl(), "api.cerebras.ai", "https://www.cerebras.ai/pricing");
            case RESEND -> page(settings.resend().url(), "api.resend.com", "https://resend.com/pricing");
        };
    }

    private static @Nullable URI page(URI base, String ownHost, String ownPage) {
        return ownHost.equals(base.getHost()) ? URI.create(ownPage) : Urls.append(Urls.http(base), "/pricing");
    }

    private static void add(
            List<StatedPrice> prices, String vendor, String operation, String model, String unit, JsonNode usd) {
        BigDecimal price = number(usd);
        if (price != null && price.signum() >= 0) {
            prices.add(new StatedPrice(vendor, operation, model, unit, price));
        }
    }

    /** Vendors write numbers as numbers or as text; what is neither is not there. */
    private static @Nullable BigDecimal number(JsonNode node) {
        try {
            if (node.isNumber()) {
                return node.decimalValue();
            }
            return node.isString() ? new BigDecimal(node.asString().strip()) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private JsonNode json(String vendor, URI address, String header, String value) {
        return lists.json(vendor + " prices", address, header, value);
    }

    @Override
    public void close() {
        lists.close();
    }
}
