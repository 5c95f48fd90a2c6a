package ai.callmeback.workflows.reconcile;

import org.jspecify.annotations.Nullable;

/**
 * A vendor that a run has not held to the end, and where it goes on.
 *
 * @param cursor of the next page; null for the first
 * @param pagesHeld only what is missing is left to be looked for
 * @param reason why it was left, empty when it is only the next one's turn
 */
public record Gap(BilledVendor vendor, @Nullable String cursor, boolean pagesHeld, String reason) {
    static Gap all(BilledVendor vendor) {
        return new Gap(vendor, null, false, "");
    }
}
