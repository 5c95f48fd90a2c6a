package ai.callmeback.vendors.pricing;

import java.util.List;

/**
 * The language models that are served.
 *
 * @param prices of those whose price is given
 * @param missing models we are set to use, and which are not served
 */
public record ModelList(List<StatedPrice> prices, List<String> missing) {
    public ModelList {
        prices = List.copyOf(prices);
        missing = List.copyOf(missing);
    }
}
