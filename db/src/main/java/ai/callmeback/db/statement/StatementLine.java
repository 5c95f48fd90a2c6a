package ai.callmeback.db.statement;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One posting, as it changed a user's credit.
 *
 * @param id grows with time; pages are cut by it
 * @param kind of the posting, such as {@code hold} or {@code capture}
 * @param availableSeconds added to what is available (negative: taken)
 * @param heldSeconds added to what is set aside (negative: given back or charged)
 * @param holdId which is the id of the call
 */
public record StatementLine(
        long id, String kind, Instant at, long availableSeconds, long heldSeconds, Optional<UUID> holdId) {}
