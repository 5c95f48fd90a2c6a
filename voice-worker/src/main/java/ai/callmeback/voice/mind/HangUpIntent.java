package ai.callmeback.voice.mind;

import java.util.Locale;
import java.util.regex.Pattern;

/** Recognises that a person wants to end the call, from plain words only: a model that sees more may still decide. */
public final class HangUpIntent {
    private static final Pattern LEAVING =
            Pattern.compile("\\b(i|we)( really)?( have|'ve got|'ve| need| got) to (go|run|leave|hang up)( now)?\\s*$"
                    + "|\\b(gotta go|talk (to you )?(soon|later|tomorrow)|let's hang up|please hang up)\\s*$"
                    + "|\\b(good ?bye|bye|bye bye|see you)( now| then)?\\s*$");

    private HangUpIntent() {}

    /** Whether the text ends in leave-taking. */
    public static boolean in(String text) {
        String plain = text.toLowerCase(Locale.ROOT)
                .replace('\u2019', '\'')
                .replaceAll("[^\\p{L}' ]", " ")
                .replaceAll(" +", " ")
                .strip();
        return LEAVING.matcher(plain).find();
    }
}
