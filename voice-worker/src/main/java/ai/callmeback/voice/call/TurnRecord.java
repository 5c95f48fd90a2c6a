package ai.callmeback.voice.call;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of a turn of the agent went. Instants are nanoseconds of the call's loop; 0 stands for one that never
 * came, or in a turn that answers nobody cannot be.
 *
 * @param personaId who spoke
 * @param lastWordsNanos the user's last words were known
 * @param askedNanos the user's turn was over; of a turn begun on a guess, some of what follows came before
 * @param firstWordsNanos from the language model
 * @param firstSpeechNanos from text-to-speech
 * @param firstAudioNanos the first frame was sent
 * @param overNanos nothing more of it was heard
 * @param heardMillis of speech played by the phone
 * @param plannedCharacters handed to text-to-speech, heard or not
 * @param promptTokens since the turn before, guesses that came to nothing too
 */
public record TurnRecord(
        int number,
        String personaId,
        long lastWordsNanos,
        long askedNanos,
        long firstWordsNanos,
        long firstSpeechNanos,
        long firstAudioNanos,
        long overNanos,
        long heardMillis,
        long plannedCharacters,
        long promptTokens,
        long completionTokens,
        int fillers,
        boolean guessed,
        boolean interrupted) {

    public boolean answers() {
        return askedNanos != 0;
    }

    /** When it began: with the user's last words, or with the first thing done for it. */
    public long begunNanos() {
        for (long nanos : new long[] {lastWordsNanos, askedNanos, firstWordsNanos, firstSpeechNanos, firstAudioNanos}) {
            if (nanos != 0) {
                return nanos;
            }
        }
        return overNanos;
    }

    /** As it stands in the journal, in milliseconds from the end of the user's turn. */
    String json() {
        boolean tokens = promptTokens != 0;
        return Detail.of("heardMs", heardMillis)
                .with("persona", personaId.isEmpty() ? null : personaId)
                .with(
                        "quietMs",
                        lastWordsNanos == 0 ? null : TimeUnit.NANOSECONDS.toMillis(askedNanos - lastWordsNanos))
                .with("firstWordsMs", since(firstWordsNanos))
                .with("firstSpeechMs", since(firstSpeechNanos))
                .with("firstAudioMs", since(firstAudioNanos))
                .with("plannedCharacters", plannedCharacters)
                .with("promptTokens", tokens ? promptTokens : null)
                .with("completionTokens", tokens ? completionTokens : null)
                .with("fillers", fillers == 0 ? null : fillers)
                .with("guessed", guessed ? true : null)
                .json();
    }

    private @Nullable Double since(long nanos) {
        return askedNanos == 0 || nanos == 0 ? null : TimeUnit.NANOSECONDS.toMicros(nanos - askedNanos) / 1000.0;
    }
}
