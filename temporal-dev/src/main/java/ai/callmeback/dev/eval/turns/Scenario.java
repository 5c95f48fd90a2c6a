package ai.callmeback.dev.eval.turns;

import java.util.List;

/**
 * One call of an evaluation: what the caller says, and when, all drawn from a seed beforehand.
 *
 * @param setAside never looked at when anything is tuned
 */
record Scenario(String kind, int number, boolean setAside, long seed, List<UserTurn> turns) {
    Scenario {
        turns = List.copyOf(turns);
    }

    /** When a turn of the caller begins. */
    enum Moment {
        /** So long after the persona has finished. */
        AFTER,
        /** So long after the persona has begun. */
        OVER
    }

    /**
     * @param answered whether it takes the floor, so that the persona owes an answer: words do, unless they are a mere
     *     backchannel
     */
    record UserTurn(Moment moment, int millis, boolean answered, List<Piece> pieces) {
        UserTurn {
            pieces = List.copyOf(pieces);
        }
    }

    /** A stretch of a turn. */
    sealed interface Piece {
        record Words(String text) implements Piece {}

        record Pause(int millis) implements Piece {}

        record Noise(int millis) implements Piece {}
    }
}
