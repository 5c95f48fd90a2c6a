package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;

/** Not enough credits; nothing was posted, and the same request may succeed after a grant. */
public record Insufficient(Credits available, Credits requested) implements HoldOutcome, GrowOutcome {}
