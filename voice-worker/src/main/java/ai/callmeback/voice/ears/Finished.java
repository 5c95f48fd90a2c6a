package ai.callmeback.voice.ears;

import java.util.Locale;
import java.util.Set;

/** Tells from the words alone whether a sentence sounds finished. */
final class Finished {
    /** Nobody ends on one of these, whatever punctuation the vendor heard behind it. */
    private static final Set<String> GOES_ON = Set.of(
            "and", "but", "or", "so", "because", "the", "a", "an", "to", "of", "with", "my", "your", "um", "uh", "er",
            "i", "about", "if", "that", "which", "like", "well", "is", "was", "for", "in", "on", "at");

    private Finished() {}

    static boolean sounds(String text) {
        String said = text.strip();
        if (said.isEmpty() || ".?!".indexOf(said.charAt(said.length() - 1)) < 0 || said.endsWith("..")) {
            return false;
        }
        return !endsOnAWordThatGoesOn(said);
    }

    /** Whether the speaker seems to be looking for words: nobody should take the floor then. */
    static boolean hesitates(String text) {
        String said = text.strip();
        if (said.isEmpty()) {
            return false;
        }
        return ",;:-\u2026\u2014".indexOf(said.charAt(said.length() - 1)) >= 0
                || said.endsWith("..")
                || endsOnAWordThatGoesOn(said);
    }

    private static boolean endsOnAWordThatGoesOn(String said) {
        String last = said.substring(said.lastIndexOf(' ') + 1).toLowerCase(Locale.ROOT);
        return GOES_ON.contains(last.replaceAll("[^\\p{L}]", ""));
    }
}
