package ai.callmeback.vendors.tts;

import ai.callmeback.vendors.VendorFault;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What text-to-speech reports. */
public sealed interface TtsEvent {

    record Opened() implements TtsEvent {}

    /**
     * A piece of speech of any length.
     *
     * @param mulaw 8 kHz, one byte per sample; the listener owns it and must release it
     * @param contextOffsetBytes audio of this context delivered before this piece
     * @param alignment which characters sound when, relative to the start of this piece; null if the vendor did not say
     */
    record Audio(
            String contextId,
            ByteBuf mulaw,
            long contextOffsetBytes,
            @Nullable Alignment alignment) implements TtsEvent {}

    /** All audio of a closed context was delivered. */
    record ContextFinal(String contextId) implements TtsEvent {}

    /** This context will give no more audio; the session lives on. */
    record ContextFailed(String contextId, VendorFault fault) implements TtsEvent {}

    /** The connection is gone and was not closed by us; every context with it. The last event of a session. */
    record Closed(VendorFault fault) implements TtsEvent {}

    /**
     * Character timing. The arrays have one entry per UTF-16 unit of {@code text}.
     */
    @SuppressWarnings("ArrayRecordComponent") // read-only by agreement; a copy per piece of audio would be garbage
    record Alignment(String text, int[] startMillis, int[] durationMillis) {
        public Alignment {
            if (startMillis.length != text.length() || durationMillis.length != text.length()) {
                throw new IllegalArgumentException("alignment of " + text.length() + " characters has "
                        + startMillis.length + " starts and " + durationMillis.length + " durations");
            }
        }
    }
}
