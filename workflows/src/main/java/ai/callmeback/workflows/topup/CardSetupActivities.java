package ai.callmeback.workflows.topup;

import ai.callmeback.domain.topup.CardSetupId;
import ai.callmeback.domain.topup.CardSetupStatus;
import io.temporal.activity.ActivityInterface;

/** The steps of saving a card. Each may run again at any time and then does nothing twice. */
@ActivityInterface(namePrefix = "CardSetup")
public interface CardSetupActivities {

    /** Opens the page unless it is open. Answers where the setup stands. */
    Standing open(CardSetupId id);

    /** Reads from the vendor whether a card was saved, and keeps it; closes the page of one that was withdrawn. */
    Standing examine(CardSetupId id);

    /** Nothing more is to be done. */
    void close(CardSetupId id);

    /**
     * Where a setup stands.
     *
     * @param expiresAtMillis of the page, 0 when there is none
     */
    record Standing(CardSetupStatus status, long expiresAtMillis) {}
}
