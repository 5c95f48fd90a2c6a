package ai.callmeback.db.call;

/**
 * Who speaks for a call, as of the database's clock.
 *
 * @param alive the owner's lease has not run out and it has not let go
 */
public record MediaState(int attempt, int mediaLeg, String incarnation, boolean alive, boolean released) {}
