package ai.callmeback.domain.conversation;

/** Where to cut what was heard of a text: a word broken off was not heard. */
public final class WholeWords {
    private WholeWords() {}

    /** How many of the first {@code heard} characters are whole words, and what lies before and between them. */
    public static int lengthWithin(CharSequence text, int heard) {
        int length = Math.min(heard, text.length());
        if (length < text.length() && isWordPart(text, length)) {
            while (length > 0 && isWordPart(text, length - 1)) {
                length--;
            }
        }
        return length;
    }

    /** Letters, digits, and the apostrophe or hyphen between them. */
    private static boolean isWordPart(CharSequence text, int index) {
        char c = text.charAt(index);
        if (Character.isLetterOrDigit(c)) {
            return true;
        }
        return (c == '\'' || c == '\u2019' || c == '-')
                && index > 0
                && index + 1 < text.length()
                && Character.isLetterOrDigit(text.charAt(index - 1))
                && Character.isLetterOrDigit(text.charAt(index + 1));
    }
}
