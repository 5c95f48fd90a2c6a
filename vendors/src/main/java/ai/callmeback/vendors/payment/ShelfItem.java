package ai.callmeback.vendors.payment;

/**
 * Something for sale, as it should stand at the payment vendor.
 *
 * @param code ours; the lookup key of its price
 * @param monthly paid for each month; else once
 */
public record ShelfItem(String code, String title, long amountCents, boolean monthly) {}
