package ai.callmeback.vendors.pricing;

import java.math.BigDecimal;

/**
 * A price as a vendor's API states it.
 *
 * @param vendor and {@code operation}, {@code model}, {@code unit}: as in our price book
 * @param usd of one unit, not negative
 */
public record StatedPrice(String vendor, String operation, String model, String unit, BigDecimal usd) {}
