package ai.callmeback.voice.ears;

import java.util.Locale;
import java.util.Set;

/** Tells a listener's noises ("mhm", "yeah okay") from words that take the turn. */
final class Backchannel {
    private static final Set<String> WORDS = Set.of(
            "mhm", "mm", "mmm", "hm", "hmm", "uh", "uhuh", "um", "huh", "ah", "oh", "yeah", "yep", "yup", "yes", "ok",
            "okay", "right", "sure", "aha", "mm-hm", "mm-hmm", "uh-huh");
    private static final int MOST_WORDS = 3;

    private Backchannel() {}

    /** Whether a text that is still growing may become one: its last word may be the beginning of such a word. */
    static boolean maybe(String text) {
        String[] words = wordsOf(text);
        for (int i = 0; i < words.length - 1; i++) {
            if (!WORDS.contains(words[i])) {
                return false;
            }
        }
        String last = words[words.length - 1];
        return words.length <= MOST_WORDS && WORDS.stream().anyMatch(word -> word.startsWith(last));
    }

    /** Whether the text is nothing but one to three such words. */
    static boolean is(String text) {
        String[] words = wordsOf(text);
        if (words.length > MOST_WORDS) {
            return false;
        }
        for (String word : words) {
            if (!WORDS.contains(word)) {
                return false;
            }
        }
        return true;
    }

    private static String[] wordsOf(String text) {
        return text.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\- ]", "")
                .strip()
                .split("\\s+", -1);
    }
}
