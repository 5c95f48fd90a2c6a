package ai.callmeback.db.ledger;

/**
 * The key was used before with another body; nothing was posted.
 *
 * @param firstBody what was posted under the key, as JSON
 * @param thisBody what was asked now, as JSON
 */
public record Conflict(String businessKey, String firstBody, String thisBody)
        implements GrantOutcome,
                HoldOutcome,
                GrowOutcome,
                CaptureOutcome,
                ReleaseOutcome,
                RecoverOutcome,
                ClawBackOutcome,
                ReverseOutcome {}
