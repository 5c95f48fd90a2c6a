package ai.callmeback.vendors.billing;

import java.time.Instant;

/**
 * Money that went from the payment vendor to our bank.
 *
 * @param netCents the sum of the balance transactions it paid, less their fees
 * @param status {@code paid}, {@code pending}, {@code in_transit}, {@code canceled} or {@code failed}
 */
public record Payout(String id, Instant at, long amountCents, long netCents, String status) {}
