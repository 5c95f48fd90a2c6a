package ai.callmeback.vendors.stt;

import io.netty.buffer.ByteBuf;

/** One connection to the speech-to-text vendor. Not thread safe: only for the event loop it was opened on. */
public interface SttSession {

    /** Takes ownership of {@code mulaw} (8 kHz, one byte per sample) and releases it, also after a close. */
    void sendAudio(ByteBuf mulaw);

    /**
     * Asks the vendor to end the current turn now. Nothing happens if no turn is open, so a repeat is harmless. With
     * Nova this is {@code Finalize}: the turn ends when its last words arrive.
     */
    void forceEndTurn();

    /** Says goodbye and closes. No event is delivered afterwards. A repeat does nothing. */
    void close();

    /** Audio really handed to the vendor so far, silence included: what the vendor bills. */
    long audioMillisSent();

    /** Audio handed to the vendor since it last said anything, be it that nothing was heard. */
    long audioMillisUnanswered();

    /** Audio dropped because the vendor was not ready or read too slowly. */
    long audioMillisDropped();
}
