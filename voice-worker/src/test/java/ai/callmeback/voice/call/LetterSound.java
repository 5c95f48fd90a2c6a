package ai.callmeback.voice.call;

import ai.callmeback.vendors.tts.TtsEvent;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A text as it sounds to tests: each letter is so many bytes of itself. */
final class LetterSound {
    private LetterSound() {}

    static TtsEvent.Audio of(String contextId, String text, long offset) {
        byte[] letters = text.getBytes(StandardCharsets.US_ASCII);
        byte[] audio = new byte[letters.length * FakeVendors.CHARACTER_BYTES];
        int[] starts = new int[letters.length];
        int[] durations = new int[letters.length];
        for (int i = 0; i < letters.length; i++) {
            Arrays.fill(audio, i * FakeVendors.CHARACTER_BYTES, (i + 1) * FakeVendors.CHARACTER_BYTES, letters[i]);
            starts[i] = i * FakeVendors.CHARACTER_BYTES / 8;
            durations[i] = FakeVendors.CHARACTER_BYTES / 8;
        }
        return new TtsEvent.Audio(
                contextId, Unpooled.wrappedBuffer(audio), offset, new TtsEvent.Alignment(text, starts, durations));
    }
}
