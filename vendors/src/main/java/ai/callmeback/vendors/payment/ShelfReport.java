package ai.callmeback.vendors.payment;

import java.util.List;

/**
 * What a sync found and did. A second one right after it finds everything kept.
 *
 * @param live whether these are prices for real money
 */
public record ShelfReport(boolean live, List<Placed> placed, List<String> archived) {

    /** What was done to an item. */
    public enum Done {
        CREATED,
        /** Its title was changed, it was put on sale again, or prices that are not its price any more were closed. */
        UPDATED,
        /** It has a new price, as a price is never changed. */
        REPRICED,
        KEPT
    }

    public record Placed(ShelfItem item, String priceId, Done done) {}
}
