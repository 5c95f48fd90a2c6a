package ai.callmeback.voice.call;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.tts.TtsEvent;

/**
 * What the stages of a call tell each other. System frames overtake everything; data frames belong to a turn and die
 * with it when it is interrupted; lasting frames arrive in order, whatever happens.
 */
public sealed interface Frame {

    /** Overtakes. */
    sealed interface SystemFrame extends Frame {}

    /** Belongs to a turn of the agent and is worthless once that is cut. */
    sealed interface DataFrame extends Frame {
        int turn();

        /** Called when the frame dies undelivered. */
        default void discard() {}
    }

    /** Arrives in any case. */
    sealed interface LastingFrame extends Frame {}

    /** The user has begun to say something that counts: the agent, if it speaks or thinks, stops. */
    record UserTakesTurn() implements SystemFrame {}

    /** A vendor failed for good: nothing this call could try is left. */
    record VendorLost(VendorFault fault) implements SystemFrame {}

    /** The call must end now, without another word. */
    record HangUpNow(EndReason reason) implements SystemFrame {}

    /** The model's text, as it comes. */
    record Words(int turn, String text) implements DataFrame {}

    /** The model has said all it wanted to in this turn. */
    record WordsEnd(int turn) implements DataFrame {}

    /** The model has said nothing yet, and the user has waited long enough. */
    record ModelLate(int turn) implements DataFrame {}

    /** Words were given to the voice a while ago, and nothing of them has sounded yet. */
    record VoiceLate(int turn) implements DataFrame {}

    /**
     * No model answers.
     *
     * @param spoken it had said something before it broke off
     */
    record ModelFailed(int turn, VendorFault fault, boolean spoken) implements DataFrame {}

    /**
     * Speech of the turn; whoever handles it owns the audio.
     *
     * @param guess the words it is likely to hold, if the vendor did not say
     */
    record Speech(int turn, TtsEvent.Audio piece, String guess) implements DataFrame {
        @Override
        public void discard() {
            piece.mulaw().release();
        }
    }

    /**
     * The voice has said all of the turn.
     *
     * @param rest words that were spoken, but whose time the vendor did not tell
     */
    record SpeechEnd(int turn, String rest) implements DataFrame {}

    /** What the user has said so far in this turn. */
    record UserPartial(String text) implements LastingFrame {}

    /** The user has probably said all of this turn: time to think, not yet to speak. */
    record UserProbablyDone(String text) implements LastingFrame {}

    /** The user had not said all of it. */
    record UserGoesOn() implements LastingFrame {}

    /**
     * The user's turn is over.
     *
     * @param endedAtNanos when the event arrived: latency counts from here
     * @param quietMillis since its last words came: so long the user has been waiting already
     */
    record UserTurnEnded(String text, long endedAtNanos, long quietMillis) implements LastingFrame {}

    /** Nothing more will be heard of a turn of the agent. */
    record TurnSettled(int turn, long positionMillis, boolean complete) implements LastingFrame {}

    /** The model called a function, and waits for what comes of it. */
    record ToolAsked(int turn, LlmEvent.ToolCall call) implements DataFrame {}

    /** The model asked to end the call. */
    record EndCallAsked(int turn) implements LastingFrame {}
}
