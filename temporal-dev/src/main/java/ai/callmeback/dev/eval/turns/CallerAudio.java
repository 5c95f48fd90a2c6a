package ai.callmeback.dev.eval.turns;

import ai.callmeback.dev.eval.turns.Scenario.Piece;
import ai.callmeback.dev.eval.turns.Scenario.UserTurn;
import ai.callmeback.simulators.speech.MuLaw;
import ai.callmeback.simulators.speech.SpeechCodec;
import java.io.ByteArrayOutputStream;
import java.util.Random;

/**
 * A turn of the caller as sound, in frames of 20 ms.
 *
 * @param firstWordMillis when the first word begins, from the start of the audio; -1 if there is none
 * @param lastWordMillis when the last word is over
 */
@SuppressWarnings("ArrayRecordComponent") // read only
record CallerAudio(byte[] audio, int firstWordMillis, int lastWordMillis) {
    private static final double NOISE_DB = -25;

    static CallerAudio of(UserTurn turn, long seed) {
        Random random = new Random(seed);
        ByteArrayOutputStream audio = new ByteArrayOutputStream();
        int first = -1;
        int last = 0;
        for (Piece piece : turn.pieces()) {
            switch (piece) {
                case Piece.Words words -> {
                    first = first < 0 ? millis(audio) : first;
                    audio.writeBytes(SpeechCodec.encode(words.text()).audio());
                    last = millis(audio);
                }
                case Piece.Pause pause -> audio.writeBytes(MuLaw.silence(frames(pause.millis())));
                case Piece.Noise noise -> audio.writeBytes(MuLaw.noise(frames(noise.millis()), NOISE_DB, random));
            }
        }
        return new CallerAudio(audio.toByteArray(), first, last);
    }

    private static int millis(ByteArrayOutputStream audio) {
        return audio.size() / SpeechCodec.BYTES_PER_MILLI;
    }

    private static int frames(int millis) {
        return Math.max(1, millis / SpeechCodec.FRAME_MILLIS);
    }
}
