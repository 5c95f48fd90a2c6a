package ai.callmeback.vendors.pricing;

import ai.callmeback.vendors.billing.BillsException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Port: what vendors ask for. Each question may be repeated; a vendor that cannot be asked is a {@link BillsException}. */
public interface PriceLists {

    /** Minutes of calls, out and in. */
    List<StatedPrice> telephony();

    /** Tokens of language models. */
    ModelList models();

    /** Credits that a character takes, by voice model. */
    Map<String, BigDecimal> voiceMultipliers();

    /** The page of a vendor whose prices no API states; empty where it has none. */
    Optional<PricePage> page(Page vendor);

    /** Vendors whose price page is watched; in lower case as in the price book. */
    enum Page {
        DEEPGRAM,
        ELEVENLABS,
        LLM,
        RESEND
    }
}
