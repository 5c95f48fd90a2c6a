package ai.callmeback.simulators.phone;

import ai.callmeback.simulators.speech.MuLaw;
import ai.callmeback.simulators.speech.SpeechCodec;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What is spoken into one phone: one thing after another, 20 ms at a time, silence in between. */
final class Mouth {
    /** More than anybody has to say at once; what comes on top is refused. */
    static final int MAX_QUEUED = 100;

    private static final double NOISE_DB = -25;
    private static final int BEEP_HZ = 1_000;

    /** What is told when a sound begins and when it is over. */
    interface Attention {
        void begins(Sound sound);

        void over(Sound sound, boolean cutOff);
    }

    /** A stretch of audio; {@code text} is null for noise and beeps. */
    static final class Sound {
        private final @Nullable String text;
        private final byte[] audio;

        Sound(@Nullable String text, byte[] audio) {
            this.text = text;
            this.audio = audio;
        }

        @Nullable
        String text() {
            return text;
        }
    }

    private final Attention attention;
    private final RandomGenerator random;
    private final ArrayDeque<Sound> sounds = new ArrayDeque<>();
    private final byte[] silence = MuLaw.silence(1);
    private int offset;

    Mouth(Attention attention, RandomGenerator random) {
        this.attention = attention;
        this.random = random;
    }

    /** Says the text after what is being said already. */
    void say(String text) {
        add(new Sound(text, SpeechCodec.encode(text).audio()));
    }

    void noise(long millis) {
        add(new Sound(null, MuLaw.noise(frames(millis), NOISE_DB, random)));
    }

    /** The beep of a voice mailbox. */
    void beep(long millis) {
        byte[] audio = new byte[frames(millis) * SpeechCodec.FRAME_BYTES];
        for (int i = 0; i < audio.length; i++) {
            audio[i] = MuLaw.encode((int) (8_000 * Math.sin(2 * Math.PI * BEEP_HZ * i / 8_000)));
        }
        add(new Sound(null, audio));
    }

    private static int frames(long millis) {
        return Math.toIntExact(Math.max(1, millis / SpeechCodec.FRAME_MILLIS));
    }

    private void add(Sound sound) {
        if (sounds.size() >= MAX_QUEUED) {
            throw new IllegalStateException("already " + MAX_QUEUED + " things to say");
        }
        sounds.add(sound);
    }

    boolean silent() {
        return sounds.isEmpty();
    }

    /** The next 160 bytes. */
    byte[] slot() {
        Sound sound = sounds.peek();
        if (sound == null) {
            return silence;
        }
        if (offset == 0) {
            attention.begins(sound);
        }
        byte[] frame = Arrays.copyOfRange(sound.audio, offset, offset + SpeechCodec.FRAME_BYTES);
        offset += SpeechCodec.FRAME_BYTES;
        if (offset >= sound.audio.length) {
            sounds.remove();
            offset = 0;
            attention.over(sound, false);
        }
        return frame;
    }

    /** The call is over: says nothing more. */
    void stop() {
        Sound sound = sounds.peek();
        if (sound != null && offset > 0) {
            attention.over(sound, true);
        }
        sounds.clear();
        offset = 0;
    }
}
