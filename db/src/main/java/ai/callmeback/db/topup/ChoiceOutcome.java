package ai.callmeback.db.topup;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;

/** What became of a choice. */
public sealed interface ChoiceOutcome {

    /** It is as chosen, as soon as there is a card. The same choice again changes nothing. */
    record Done() implements ChoiceOutcome {}

    /** The product is no pack that is on sale. */
    record NotAPack() implements ChoiceOutcome {}

    /** One pack must bring the credit back above the threshold. */
    record ThresholdTooHigh(Credits most) implements ChoiceOutcome {}

    /** Not one pack would be bought. */
    record CapTooLow(UsdMicros least) implements ChoiceOutcome {}
}
