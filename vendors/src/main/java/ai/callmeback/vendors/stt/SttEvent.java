package ai.callmeback.vendors.stt;

import ai.callmeback.vendors.VendorFault;

/**
 * What speech-to-text reports. Both engines speak this one language: a turn is opened by {@link StartOfTurn}, has any
 * number of {@link Update}s, may be speculated on between {@link EagerEndOfTurn} and {@link TurnResumed}, and ends with
 * {@link EndOfTurn}. {@code transcript} is always the whole turn so far. {@code audioMillis} counts audio sent on this
 * connection, not wall clock.
 */
public sealed interface SttEvent {

    /** The vendor is ready; {@code requestId} joins its bill with ours. */
    record Opened(String requestId) implements SttEvent {}

    /** The caller speaks. {@code transcript} may be empty with Nova, which detects speech before words. */
    record StartOfTurn(int turnIndex, String transcript, long audioMillis) implements SttEvent {}

    record Update(int turnIndex, String transcript, long audioMillis) implements SttEvent {}

    /** The turn has probably ended: {@link EndOfTurn} with this very transcript follows, or {@link TurnResumed}. */
    record EagerEndOfTurn(int turnIndex, String transcript, double confidence, long audioMillis) implements SttEvent {}

    record TurnResumed(int turnIndex, String transcript, long audioMillis) implements SttEvent {}

    record EndOfTurn(int turnIndex, String transcript, double confidence, long audioMillis) implements SttEvent {}

    /** The connection is gone and was not closed by us; the last event of a session. */
    record Closed(VendorFault fault) implements SttEvent {}
}
