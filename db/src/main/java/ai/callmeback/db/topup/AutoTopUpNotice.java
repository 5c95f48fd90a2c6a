package ai.callmeback.db.topup;

import ai.callmeback.domain.UserId;
import java.util.UUID;

/**
 * An e-mail that is owed about an auto top-up.
 *
 * @param capReached else it needs attention
 * @param ref the month, or what it is about
 * @param attempts how often it was tried, this time included
 */
public record AutoTopUpNotice(
        UUID topUpId, UserId userId, boolean capReached, String ref, String reason, int attempts) {

    /** Names the notice, also to the mail vendor. */
    public String key() {
        return "auto-top-up-" + (capReached ? "cap" : "attention") + "/" + topUpId + "/" + ref;
    }
}
