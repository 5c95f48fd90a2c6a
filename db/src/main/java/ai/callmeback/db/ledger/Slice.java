package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import java.util.UUID;

/**
 * The part of a posting that came from one grant, as recorded; refunds unwind these and never recompute them.
 *
 * @param revenue recognised by this slice, zero until it is captured
 */
public record Slice(UUID grantId, Credits credits, UsdMicros revenue) {}
