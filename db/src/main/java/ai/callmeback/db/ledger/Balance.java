package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;

/**
 * @param available free to use now
 * @param held set aside for calls
 * @param owed charged but not covered by any grant yet
 */
public record Balance(Credits available, Credits held, Credits owed) {}
