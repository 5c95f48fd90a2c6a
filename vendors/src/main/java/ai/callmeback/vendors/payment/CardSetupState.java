package ai.callmeback.vendors.payment;

import org.jspecify.annotations.Nullable;

/**
 * A page to save a card on, as the vendor has it now.
 *
 * @param setupId what it was opened for; empty when it is not one of ours
 * @param card null until one is saved
 */
public record CardSetupState(
        String setupId,
        boolean expired,
        boolean live,
        @Nullable SavedCard card) {

    /**
     * A card that may be charged while its owner is away.
     *
     * @param brand such as {@code visa}
     * @param expires as {@code MM/yyyy}
     */
    public record SavedCard(String customer, String paymentMethod, String brand, String last4, String expires) {}
}
