package ai.callmeback.activities.purchase;

import ai.callmeback.domain.topup.CardSetupId;

/** Tells the workflow of a card's saving that it has something to look at, and starts it if there is none. */
public interface CardSetupSigns {

    /** Answers false when there is no such setup of ours. */
    boolean moved(CardSetupId id);
}
