package ai.callmeback.dev.chaos;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What two sides know of one call: the phone and the telephony what really happened on the line, our database what it says
 * happened. Times are milliseconds since the phone was answered, by the phone's count of what it played.
 *
 * @param ours the conversation as our database has it
 * @param heard the persona's words as the phone heard them, the last of a cut one in part
 * @param sounds when the persona was heard; silence shorter than the phone's shortest pause is part of a sound
 * @param said what the caller said
 * @param legs the media sockets that were opened for the call, in order
 */
record CallRecord(
        String name,
        List<Turn> ours,
        List<Word> heard,
        List<Span> sounds,
        List<Said> said,
        List<Leg> legs,
        Outcome outcome) {

    /** One turn of our transcript. */
    record Turn(boolean persona, String text, boolean interrupted) {}

    /** One word the phone heard; its time is that of its end. */
    record Word(String text, long endMillis) {}

    record Span(long startMillis, long endMillis) {}

    /** One turn of the caller. */
    record Said(String text, Span span) {}

    /**
     * One media socket.
     *
     * @param endMillis {@link Long#MAX_VALUE} while it is open
     */
    record Leg(int port, long startMillis, long endMillis) {}

    /**
     * How the call ended and was settled.
     *
     * @param rings how often the phone rang for it
     * @param hungUp the caller ended it, when it was meant to end
     * @param talkMillis how long the phone was off the hook
     * @param connectedSeconds Twilio's own duration
     */
    record Outcome(
            String status,
            int rings,
            boolean hungUp,
            long talkMillis,
            long connectedSeconds,
            @Nullable Settlement settlement) {}

    /** Our settlement; null above when there is none. */
    record Settlement(
            String decision,
            String reason,
            long billedSeconds,
            long chargedSeconds,
            long held,
            long captured,
            long released) {}

    /** A call that went from one media socket to the next; from here on the later one was open. */
    record HandOver(FaultKind kind, long leftMillis, long takenMillis) {}

    /** The moves of this call that these faults made; a move nobody asked for counts as one of a death. */
    List<HandOver> handOvers(List<Fault> faults) {
        List<HandOver> moves = new ArrayList<>();
        for (int i = 0; i + 1 < legs.size(); i++) {
            Leg left = legs.get(i);
            FaultKind kind = faults.stream()
                    .filter(fault -> fault.moved(left))
                    .reduce((earlier, later) -> later)
                    .map(Fault::kind)
                    .orElse(FaultKind.DEATH);
            moves.add(new HandOver(kind, left.endMillis(), legs.get(i + 1).startMillis()));
        }
        return moves;
    }

    /**
     * What was done to a voice worker, on this call's clock.
     *
     * @param port the worker's
     */
    record Fault(FaultKind kind, int port, long atMillis) {
        /** A drain may take its time; the end of a socket is noted a moment before or after the kill is. */
        private static final long AT_ONCE_MILLIS = 1_000;

        private static final long DRAINED_WITHIN_MILLIS = 45_000;

        boolean moved(Leg leg) {
            long after = leg.endMillis() - atMillis;
            long most = kind == FaultKind.DEATH ? AT_ONCE_MILLIS : DRAINED_WITHIN_MILLIS;
            return leg.port() == port && after >= -AT_ONCE_MILLIS && after <= most;
        }
    }
}
