package ai.callmeback.db.review;

import ai.callmeback.domain.Credits;

/** What became of a review. Only {@link Recorded} changed anything now. */
public sealed interface ReviewOutcome {

    record Recorded() implements ReviewOutcome {}

    /** The same review was recorded before, under the same key. */
    record Repeated() implements ReviewOutcome {}

    /** The key was used for another review of this call. */
    record Conflict() implements ReviewOutcome {}

    record UnknownCall() implements ReviewOutcome {}

    /** The call is not settled yet. */
    record NotSettled() implements ReviewOutcome {}

    /** There is no charge to reverse. */
    record NotCharged() implements ReviewOutcome {}

    /** @param left of the charge, not yet given back */
    record Exceeds(Credits left) implements ReviewOutcome {}

    /** It was charged after its hold had expired; what was taken then has no slices to unwind. */
    record NotReversible() implements ReviewOutcome {}
}
